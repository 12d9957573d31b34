from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.data import SampledSource, open_source

WHOLE, LOW = Language.parse("fr"), Language.parse("fr-x-low")


@pytest.fixture
def source(tmp_path: Path) -> SampledSource:
    (tmp_path / "text").mkdir()
    for split in ("train", "dev", "test"):
        lines = "".join(f"{split} ligne {n}\n" for n in range(2000))
        (tmp_path / "text" / f"fr.{split}.txt").write_text(lines)
    return SampledSource(open_source(tmp_path), {LOW: 0.1})


def test_a_sample_is_a_share_of_the_training_text_and_the_same_each_time(
    source: SampledSource,
) -> None:
    whole, sample = list(source.text(WHOLE, "train")), source.text(LOW, "train")
    kept = list(sample)
    assert list(sample) == kept
    assert 150 < len(kept) < 250
    assert [line for line in whole if line in set(kept)] == kept
    assert len(whole) == 2000


@pytest.mark.parametrize("split", ["dev", "test"])
def test_a_sample_is_tested_on_what_the_whole_is_tested_on(
    source: SampledSource, split: str
) -> None:
    assert list(source.text(LOW, split)) == list(source.text(WHOLE, split))
    assert source.fingerprint("text", LOW, split) == source.fingerprint("text", WHOLE, split)


def test_its_fingerprint_is_its_own(source: SampledSource) -> None:
    prints = {
        source.fingerprint("text", WHOLE, "train"),
        source.fingerprint("text", LOW, "train"),
        SampledSource(source.source, {LOW: 0.2}).fingerprint("text", LOW, "train"),
    }
    assert len(prints) == 3


def test_there_is_what_there_is_of_the_base(source: SampledSource) -> None:
    assert source.has("text", LOW, "train") and not source.has("ner", LOW, "train")
    assert source.units() == source.source.units()
    assert source.languages("text") == (WHOLE,)
    with pytest.raises(InputError):
        source.tagged("ner", LOW, "train")


@pytest.mark.parametrize("text", ["fr-x-low", "fra-Latn-x-low", "French-x-low", "fr_X_LOW"])
def test_variants_are_languages_of_their_own(text: str) -> None:
    language = Language.parse(text)
    assert language == LOW != WHOLE
    assert language.base == WHOLE
    assert str(language) == "fra-Latn-x-low"
    assert Language.parse(str(language)) == language
