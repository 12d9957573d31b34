"""XTREME's archive: both generations of tables, questions by id, and what it does not hold."""

import json
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.sources import open_source
from isogloss.data.translations.archive import Archive
from isogloss.data.translations.contract import Material, Wanted
from unit.data.translations.conftest import EN, FR, NLI, SW, wanted, write

XNLI = "XNLI/translate-train/en-fr-translated.tsv"


def _five(*places: int) -> str:
    rows = [NLI["en"][n].split("\t")[:2] + NLI["fr"][n].split("\t") for n in places]
    return "\n".join("\t".join(row) for row in rows)


def test_five_columns_join_on_the_source_in_any_order(folder: Path, material: Material) -> None:
    write(folder, XNLI, _five(3, 1, 0))
    examples = material.source.classified("nli", EN, "test")
    found = Archive(str(folder)).translate(examples, wanted(), material)
    assert [one.identifier for one in found] == ["#1", "#2", "#4"]
    assert [one.translation.text for one in found] == ["Le chien court.", "Il pleut.", "Il pleut."]
    assert found.skipped == {"no translation has its identifier": 1}


def test_three_columns_have_to_agree_line_by_line(folder: Path, material: Material) -> None:
    examples = material.source.classified("nli", EN, "test")
    write(folder, XNLI, "\n".join(NLI["fr"]))
    assert len(Archive(str(folder)).translate(examples, wanted(), material)) == 4
    write(folder, XNLI, "\n".join([*NLI["fr"][1:], NLI["fr"][0]]))
    with pytest.raises(InputError, match="the label `entailment` of the original"):
        Archive(str(folder)).translate(examples, wanted(), material)
    write(folder, XNLI, "\n".join(NLI["fr"][:2]))
    with pytest.raises(InputError, match=r"Expected 4 examples.*Found 2"):
        Archive(str(folder)).translate(examples, wanted(), material)


def test_tagged_sentences_are_those_of_xtune(folder: Path, material: Material) -> None:
    lines = [
        "It rains\tfr\tIl pleut\t0/0 1/1",
        "The dog runs\tsw\tMbwa anakimbia",
        "The dog runs\tfr\tLe chien court\t0/0 1/1 2/2",
    ]
    write(folder, "translate_train.udpos.txt", "\n".join(lines))
    examples = material.source.tagged("pos", EN, "train")
    found = Archive(str(folder)).translate(examples, wanted("pos"), material)
    assert found[0].translation.tokens == ("Le", "chien", "court")
    assert (found[0].translation.tags, found.labels) == (("DET", "NOUN", "VERB"), "projected")


def test_questions_join_by_id(folder: Path) -> None:
    qas = [{"id": "1", "question": "?", "answers": [{"text": "chien", "answer_start": 3}]}]
    text = json.dumps({"data": [{"paragraphs": [{"context": "Le chien", "qas": qas}]}]})
    write(folder, "qa/en.train.json", text)
    write(folder, "SQuAD/translate-train/squad.translate.train.en-fr.json", text)
    write(folder, "MLQA/translate-test/mlqa.translate.test.fr-en.json", text)
    material = Material(open_source(str(folder)))
    examples = material.source.questions("qa", EN, "train")
    provider = Archive(str(folder), data_set="MLQA")
    assert len(provider.translate(examples, wanted("qa"), material)) == 1  # trained on SQuAD
    back = provider.translate(examples, Wanted("qa", "test", FR, EN), material)
    assert (back.labels, back.is_oracle) == ("located", False)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (wanted("qa"), "`data_set`: which folder"),
        (wanted("pos", "test"), "translations of udpos test data"),
        (wanted(split="dev"), "translations of XNLI dev data"),
        (wanted(target=SW), r"`XNLI/translate-train/en-sw-translated\.tsv` in the archive"),
    ],
)
def test_what_the_archive_does_not_hold_is_said(
    folder: Path, material: Material, asked: Wanted, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        Archive(str(folder)).fingerprint(asked, material)
