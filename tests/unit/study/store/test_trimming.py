"""A checkpoint that a study trims to its data, and one that somebody trimmed to other text."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from transformers import AutoModel, AutoModelForMaskedLM

from isogloss.core import InputError
from isogloss.data import load_tokenizer
from isogloss.models import create_model, load_model, trim_model
from isogloss.models.quiet import quiet
from isogloss.study import Launch, export_run, prepare, run_study
from isogloss.study.store.run_folder import run_folder
from unit.models.toys import write_sentence_transformer
from unit.study import toys


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toys.write_bed(tmp_path_factory.mktemp("trimming") / "bed", "conflict", "unrelated")


@pytest.fixture(scope="module")
def checkpoint(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model whose vocabulary is that of three languages."""
    folder = tmp_path_factory.mktemp("checkpoint")
    settings = {"vocabulary_size": 420, "languages": ["qaa", "qab", "qac"]}
    spec = toys.spec(tokenizer=settings)
    tokenizer = prepare(spec, str(bed), folder / "plain").tokenizer
    languages = spec.languages
    create_model("micro", tokenizer=tokenizer, languages=languages, seed=0).save(folder / "whole")
    tokenizer.save(folder / "whole")
    return folder / "whole"


def test_a_study_trims_its_checkpoint_to_its_data(
    bed: Path, checkpoint: Path, tmp_path: Path
) -> None:
    whole = prepare(toys.spec(model=str(checkpoint)), str(bed), tmp_path / "whole")
    spec = toys.spec(model=str(checkpoint), trim=True)
    found = prepare(spec, str(bed), tmp_path / "trimmed")
    body = found.body(spec.model)
    assert body == tmp_path / "trimmed" / "prepared" / "model"
    assert whole.body(spec.model) == spec.model
    tokens = json.loads((Path(body) / "config.json").read_text())["vocab_size"]
    assert tokens == found.tokenizer.vocabulary_size == found.trimmed_tokens
    assert tokens < whole.tokenizer.vocabulary_size
    for language in spec.languages:
        for split in ("train", "dev", "test"):
            assert found.n_tokens(language, split) == whole.n_tokens(language, split)
    (Path(body) / "config.json").unlink()
    prepare(spec, str(bed), tmp_path / "trimmed")
    assert (Path(body) / "config.json").is_file(), "what is not whole is made again"


def test_a_whole_study_on_a_trimmed_encoder(bed: Path, checkpoint: Path, tmp_path: Path) -> None:
    """Every model of it has the smaller vocabulary; the encoder has no head and lies in a list."""
    inside = tmp_path / "mine" / "0_Transformer"
    shutil.copytree(checkpoint, inside)
    with quiet():
        AutoModel.from_pretrained(checkpoint).save_pretrained(inside)
    write_sentence_transformer(tmp_path / "mine", "0_Transformer")
    spec = toys.spec(
        model=str(tmp_path / "mine"),
        trim=True,
        tasks=["pos"],
        seeds=[0],
        pretraining={"updates": 1, "rows": 4, "length": 24, "head_updates": 2, "dev_points": 1},
    )
    out = tmp_path / "out"
    plan = run_study(spec, str(bed), out, Launch())
    n_tokens = load_tokenizer(out / "prepared/tokenizer").vocabulary_size
    assert n_tokens < load_tokenizer(checkpoint).vocabulary_size
    trained = [run for run in plan.runs.values() if run.stage in ("start", "pretrain")]
    assert {run.stage for run in plan.runs.values()} == {"start", "pretrain", "score", "finetune"}
    for run in trained:
        assert load_model(run_folder(out, run.run_id).model).vocabulary_size == n_tokens
    scored = pd.read_csv(out / "records.csv")
    assert scored["value"].notna().all()
    assert set(scored["task"]) >= {"masked_lm", "pos"}
    joint = next(run for run in trained if run.stage == "pretrain" and len(run.learned) == 2)
    exported = export_run(run_folder(out, joint.run_id).path, tmp_path / "plain", to="hf")
    with quiet():
        plain = AutoModelForMaskedLM.from_pretrained(exported.folder)
    assert len(plain.get_input_embeddings().weight) == n_tokens
    assert load_tokenizer(exported.folder).vocabulary_size == n_tokens


def test_text_that_a_model_was_not_trimmed_to_is_refused_by_language(
    bed: Path, checkpoint: Path, tmp_path: Path
) -> None:
    words = (bed / "text" / "qac.train.txt").read_text().splitlines()[:50]
    trim_model(checkpoint, lambda: words, tmp_path / "small")
    with pytest.raises(InputError, match=r"covers the text of qaa-Latn.*trimmed to other text"):
        prepare(toys.spec(model=str(tmp_path / "small")), str(bed), tmp_path / "out")


def test_a_few_missing_tokens_are_counted(bed: Path, checkpoint: Path, tmp_path: Path) -> None:
    words = [
        line
        for name in ("qaa", "qab")
        for line in (bed / "text" / f"{name}.train.txt").read_text().splitlines()
    ]
    trim_model(checkpoint, lambda: words, tmp_path / "small")
    record = tmp_path / "small" / "trimmed.json"
    content = json.loads(record.read_text())
    content["kept"].pop(-1)  # the rarest of its pieces
    record.write_text(json.dumps(content))
    found = prepare(toys.spec(model=str(tmp_path / "small")), str(bed), tmp_path / "out")
    told = [one for one in found.facts["warnings"] if "not in the vocabulary" in one]
    assert told
    assert all(one.startswith(("qaa-Latn: ", "qab-Latn: ")) for one in told)


def test_a_preset_is_not_trimmed() -> None:
    with pytest.raises(InputError, match="`trim` with a checkpoint only"):
        toys.spec(trim=True)
