"""Lines of translations: what is on them, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.data.readers import HIDDEN, ClassifiedText, SourceFile, TaggedSentence
from isogloss.data.translations.translated_files import (
    LOW_COVERAGE,
    Line,
    classified_from,
    read_lines,
    read_translated_questions,
    tagged_from,
)

FILE = SourceFile(Path("fr.tsv"), "fra-Latn")
PAIR = ClassifiedText("It rains.", "It is dry.", "contradiction", "#1")
SENTENCE = TaggedSentence(("the", "dog"), ("DET", "NOUN"), "#1")


def test_a_pair_keeps_its_class() -> None:
    found = classified_from(FILE, Line(("Il pleut.", "Il fait sec.", "contradictory"), 1), PAIR)
    assert (found.text, found.pair, found.label) == ("Il pleut.", "Il fait sec.", "contradiction")
    assert found.identifier == "#1"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("Il pleut.",), "2 translated texts"),
        (("Il pleut.", ""), "2 translated texts"),
        (("a", "b", "contradiction", "c"), "2 translated texts"),
        (("a", "b", "neutral"), "the label `contradiction`.*Found `neutral`"),
    ],
)
def test_a_wrong_line_is_named(fields: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=rf"{said}.*line 7"):
        classified_from(FILE, Line(fields, 7), PAIR)


def test_tags_are_projected_where_there_is_an_alignment() -> None:
    assert tagged_from(FILE, Line(("le chien", "0-0 1-1"), 1), SENTENCE) == TaggedSentence(
        ("le", "chien"), ("DET", "NOUN")
    )
    hidden = tagged_from(FILE, Line(("le chien",), 1), SENTENCE)
    assert isinstance(hidden, TaggedSentence)
    assert set(hidden.tags) == {HIDDEN}
    assert tagged_from(FILE, Line(("le petit chien", "0-0"), 1), SENTENCE) == LOW_COVERAGE
    assert "outside" in str(tagged_from(FILE, Line(("le chien", "0-9"), 1), SENTENCE))
    for fields in (("", "0-0"), ("le", "zero"), ("le", "0-0", "x")):
        with pytest.raises(InputError, match="words divided by spaces"):
            tagged_from(FILE, Line(fields, 1), SENTENCE)


def test_blank_lines_count(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("a\n\nb\tc \n", "utf-8")
    found = [(line.fields, line.number) for line in read_lines(SourceFile(path))]
    assert found == [(("a",), 1), (("",), 2), (("b", "c"), 3)]


def _squad(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "x.json"
    paragraphs = [{"context": "Le chien court.", "qas": list(entries)}]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), "utf-8")
    return path


def test_answers_are_taken_from_their_place_or_looked_for(tmp_path: Path) -> None:
    answers = [{"text": "chien", "answer_start": 3}, {"text": "Chien", "answer_start": 9}]
    entry = {"id": "1", "question": "?", "answers": [*answers, {"text": "chat", "answer_start": 0}]}
    found = read_translated_questions(_squad(tmp_path, entry, {"id": "2", "question": "?"}), "fr")
    assert (found["1"].answers, found["1"].starts) == (("chien", "chien"), (3, 3))
    assert found["2"].answers == ()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    entry = {"id": "1", "question": "?", "answers": []}
    with pytest.raises(InputError, match="2 questions with 1 ids"):
        read_translated_questions(_squad(tmp_path, entry, entry), "fr")
    with pytest.raises(InputError, match=r"SQuAD 1\.1 JSON"):
        read_translated_questions(_squad(tmp_path, {"id": "1"}), "fr")
    path = tmp_path / "y.json"
    path.write_text('{"data": [', "utf-8")
    with pytest.raises(InputError, match=r"SQuAD 1\.1 JSON"):
        read_translated_questions(path, "fr")
