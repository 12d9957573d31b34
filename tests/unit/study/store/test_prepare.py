import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study import Prepared, prepare
from isogloss.study.store.prepared import open_prepared
from unit.study import toys
from unit.study.toys import BASE, OTHER


def stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_what_is_prepared(prepared: Prepared) -> None:
    assert prepared.labels("pos") == sorted(set(prepared.labels("pos")))
    assert [prepared.n_examples("pos", OTHER, split) for split in ("train", "dev", "test")] == [
        *(60, 20, 40)
    ]
    assert prepared.n_examples("ner", BASE) == 0
    assert prepared.corpus(BASE, "train").n_lines == 300
    assert prepared.tokenizer.vocabulary_size == 400
    assert prepared.has_parallel(BASE, OTHER, "test")
    assert prepared.has_parallel(OTHER, BASE, "dev")
    assert not prepared.has_parallel(BASE, BASE, "dev")
    confounds = prepared.facts["confounds"][str(BASE)]
    assert confounds["bytes_per_token"] > 1
    assert 0 < confounds["vocabulary_share"] <= 1


def test_a_run_depends_on_its_own_data_only(prepared: Prepared) -> None:
    joint, alone = (prepared.text_material(pair, "dev") for pair in ((BASE, OTHER), (BASE,)))
    assert set(alone) == {"tokenizer", f"text/{BASE}/dev"}
    assert set(joint) - set(alone) == {f"text/{OTHER}/dev"}
    translated = prepared.translation_material((BASE, OTHER), "test")
    assert set(translated) == {"tokenizer", f"parallel/{OTHER}/test"}
    assert set(prepared.task_material("pos", (BASE,))) == {
        "tokenizer",
        f"pos/{BASE}",
        "pos/labels",
    }


def test_prepared_once(bed: Path, prepared: Prepared) -> None:
    before = stamps(prepared.folder)
    again = prepare(toys.spec(tasks=["pos"], seeds=[9]), str(bed), prepared.folder)
    assert again.facts == prepared.facts
    assert stamps(prepared.folder) == before


def test_other_text_is_prepared_anew(data: Path, study: Path) -> None:
    before = open_prepared(study)
    with (data / "text" / "qaa.train.txt").open("a") as file:
        file.write("one line more of it\n")
    after = prepare(toys.spec(tasks=["pos"]), str(data), study)
    assert after.corpus(BASE, "train").n_lines == 301
    for split in ("train", "dev"):
        key = f"text/{BASE}/{split}"
        assert (after.facts["hashes"][key] == before.facts["hashes"][key]) == (split == "dev")
    assert after.facts["hashes"][f"pos/{BASE}"] == before.facts["hashes"][f"pos/{BASE}"]


def test_other_translations_are_other_material(data: Path, study: Path) -> None:
    """Retrieval is scored on them: scores on the old ones must not be kept."""
    before = open_prepared(study)
    path = data / "parallel" / "qaa-qab.test.tsv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    after = prepare(toys.spec(tasks=["pos"]), str(data), study)
    for split in ("test", "dev"):
        old, new = (one.translation_material(toys.PAIR, split) for one in (before, after))
        assert (old != new) == (split == "test")


def test_the_same_data_somewhere_else(data: Path, study: Path) -> None:
    """Moved data are the same data: nothing is prepared anew, and they are found."""
    before = stamps(study / "prepared" / "text")
    prepare(toys.spec(tasks=["pos"]), str(data), study)
    assert stamps(study / "prepared" / "text") == before
    assert open_prepared(study).source.where == str(data)


def test_data_named_from_the_working_folder(data: Path, tmp_path: Path) -> None:
    here = Path.cwd()
    os.chdir(data.parent)
    try:
        prepare(toys.spec(), "data", tmp_path / "out")
    finally:
        os.chdir(here)
    assert open_prepared(tmp_path / "out").source.where == str(data)


def test_what_was_interrupted_is_not_taken_for_finished(
    data: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    # The room shows its function `prepare` under the name of the file.
    monkeypatch.setattr(sys.modules["isogloss.study.store.prepare"], "encode_corpus", crash)
    bigger = toys.spec(tasks=["pos"], tokenizer={"vocabulary_size": 420})
    with pytest.raises(KeyboardInterrupt):
        prepare(bigger, str(data), study)
    assert not (study / "prepared" / "facts.json").exists()
    monkeypatch.undo()
    again = prepare(toys.spec(tasks=["pos"]), str(data), study)
    assert again.corpus(BASE, "train").n_lines == 300


def test_a_language_with_test_data_only_is_a_target(data: Path, tmp_path: Path) -> None:
    for split in ("train", "dev"):
        (data / "pos" / f"qab.{split}.tsv").unlink()
    found = prepare(toys.spec(tasks=["pos"]), str(data), tmp_path / "out")
    assert (found.n_examples("pos", OTHER), found.n_examples("pos", OTHER, "test")) == (0, 40)
    assert f"pos/{OTHER}" in found.task_material("pos", (OTHER,))


@pytest.mark.parametrize("scored_on", ["test", "dev"])
def test_a_single_example_is_refused_where_it_would_be_scored(
    data: Path, tmp_path: Path, scored_on: str
) -> None:
    path = data / "pos" / "qab.dev.tsv"
    first, _ = path.read_text().split("\n\n", 1)
    path.write_text(first + "\n")
    changed = toys.spec(tasks=["pos"], scored_on=scored_on)
    if scored_on == "test":
        assert prepare(changed, str(data), tmp_path / "out").n_examples("pos", OTHER, "dev") == 1
    else:
        with pytest.raises(InputError, match="two dev examples or more"):
            prepare(changed, str(data), tmp_path / "out")


def test_a_task_without_data_is_refused(data: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "pos")
    with pytest.raises(InputError, match="data of kind `pos` for at least one language") as refused:
        prepare(toys.spec(tasks=["pos"]), str(data), tmp_path / "out")
    assert "task `pos`" in refused.value.where
    assert not (tmp_path / "out").exists(), "refused before anything is written"


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_language_without_text_is_refused(data: Path, tmp_path: Path, split: str) -> None:
    (data / "text" / f"qab.{split}.txt").unlink()
    with pytest.raises(InputError, match="qab"):
        prepare(toys.spec(), str(data), tmp_path / "out")


def test_a_language_with_empty_text_is_refused(data: Path, tmp_path: Path) -> None:
    (data / "text" / "qab.dev.txt").write_text("\n \n")
    with pytest.raises(InputError):
        prepare(toys.spec(), str(data), tmp_path / "out")


def test_data_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing at this path"):
        prepare(toys.spec(), str(tmp_path / "none"), tmp_path / "out")


def test_a_checkpoint_brings_its_tokenizer_and_its_weights_count(
    bed: Path, done: tuple[Path, object, object], tmp_path: Path
) -> None:
    """Other weights in the same folder are another model: its runs get other addresses."""
    folder, joint, _ = done
    model = Path(shutil.copytree(folder / "runs" / joint.run_id / "model", tmp_path / "model"))  # type: ignore[attr-defined]
    shutil.copytree(folder / "prepared" / "tokenizer", model, dirs_exist_ok=True)
    spec = toys.spec(model=str(model))
    first = prepare(spec, str(bed), tmp_path / "out")
    assert first.tokenizer.fingerprint == open_prepared(folder).tokenizer.fingerprint
    weights = model / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    second = prepare(spec, str(bed), tmp_path / "out")
    hashes = [one.text_material((BASE,))["weights"] for one in (first, second)]
    assert hashes[0] != hashes[1]


def test_the_facts_are_plain_json(prepared: Prepared) -> None:
    path = prepared.folder / "prepared" / "facts.json"
    assert json.loads(path.read_text()) == prepared.facts


def test_a_folder_called_as_the_preset_is_not_the_model(
    bed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = toys.spec()
    expected = prepare(spec, str(bed), tmp_path / "plain").facts["hashes"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "micro").mkdir()
    (tmp_path / "micro" / "config.json").write_text("{}")
    (tmp_path / "micro" / "model.safetensors").write_text("mine")
    assert prepare(spec, str(bed), tmp_path / "other").facts["hashes"] == expected
