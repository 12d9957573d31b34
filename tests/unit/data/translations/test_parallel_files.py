"""Files of translations beside the data: found by name, joined by line, refused where unequal."""

import json
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data import HIDDEN
from isogloss.data.sources import open_source
from isogloss.data.translations.contract import Material
from isogloss.data.translations.parallel_files import ParallelFiles, codes_of
from unit.data.translations.conftest import EN, FR, NLI, Wanted, wanted, write


def _provider(folder: Path) -> ParallelFiles:
    return ParallelFiles(str(folder / "mt"))


def test_lines_are_those_of_the_whole_split(folder: Path, material: Material) -> None:
    write(folder, "mt/nli.test.en-fr.tsv", "\n".join(NLI["fr"]))
    examples = material.source.classified("nli", EN, "test")
    found = _provider(folder).translate(examples[2:], wanted(split="test"), material)
    assert [one.translation.text for one in found] == ["Il pleut."] * 2
    assert (found.labels, found.is_oracle) == ("copied", False)
    human = ParallelFiles(str(folder / "mt"), way="human")
    assert human.translate(examples, wanted(split="test"), material).is_oracle


def test_translations_back_stand_in_the_order_of_the_originals(
    folder: Path, material: Material
) -> None:
    write(folder, "mt/pos.train.eng-fra.tsv", "le chien court\nil pleut")
    write(folder, "mt/pos.train.fr-en.tsv", "the dog is running\nit is raining")
    examples = material.source.tagged("pos", EN, "train")
    there = _provider(folder).translate(examples, wanted("pos"), material)
    assert set(there[0].translation.tags) == {HIDDEN}
    back = _provider(folder).translate(
        [one.translation for one in there], Wanted("pos", "train", FR, EN, back=True), material
    )
    assert [one.translation.tokens[-1] for one in back] == ["running", "raining"]


def test_an_alignment_carries_the_tags(folder: Path, material: Material) -> None:
    write(folder, "mt/pos.train.en-fr.tsv", "le chien court\t0-0 1-1 2-2\nil pleut\t0-0")
    examples = material.source.tagged("pos", EN, "train")
    found = _provider(folder).translate(examples, wanted("pos"), material)
    assert [one.translation.tags for one in found] == [("DET", "NOUN", "VERB"), ("PRON", HIDDEN)]
    assert found.labels == "projected"


def test_files_of_unequal_length_are_refused(folder: Path, material: Material) -> None:
    write(folder, "mt/nli.test.en-fr.tsv", "\n".join(NLI["fr"][:3]))
    examples = material.source.classified("nli", EN, "test")
    with pytest.raises(InputError, match=r"Expected 4 examples.*Found 3"):
        _provider(folder).translate(examples, wanted(split="test"), material)


def test_questions_join_by_id(folder: Path) -> None:
    def squad(*entries: tuple[str, str, int]) -> str:
        qas = [
            {"id": one, "question": "?", "answers": [{"text": text, "answer_start": start}]}
            for one, text, start in entries
        ]
        return json.dumps({"data": [{"paragraphs": [{"context": "Le chien court", "qas": qas}]}]})

    write(folder, "qa/en.train.json", squad(("1", "chien", 3), ("2", "Le", 0), ("3", "court", 9)))
    write(folder, "mt/qa.train.en-fr.json", squad(("2", "Le", -1), ("1", "chat", 3)))
    material = Material(open_source(str(folder)))
    examples = material.source.questions("qa", EN, "train")
    found = _provider(folder).translate(examples, wanted("qa"), material)
    assert [one.identifier for one in found] == ["2"]
    assert sorted(found.skipped.values()) == [1, 1]


def test_a_file_that_is_not_there_is_named(folder: Path, material: Material) -> None:
    with pytest.raises(InputError, match=r"one file `nli\.train\.fr?|no such folder"):
        _provider(folder).fingerprint(wanted(), material)
    write(folder, "mt/nli.dev.en-fr.tsv", "x")
    with pytest.raises(InputError, match=r"Found nli\.dev\.en-fr\.tsv"):
        _provider(folder).fingerprint(wanted(), material)


def test_languages_have_several_codes() -> None:
    assert codes_of(FR) == ["fr", "fra", "fra-Latn"]
