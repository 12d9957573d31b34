"""A checkpoint that a study trims to its data, and one that somebody trimmed to other text."""

import json
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.models import create_model, trim_model
from isogloss.study import prepare
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
