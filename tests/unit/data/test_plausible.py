"""What was read is held against what it is called."""

from pathlib import Path

from isogloss.core import Language
from isogloss.data.check import check_data
from isogloss.data.plausible import (
    Finding,
    character_findings,
    foreign_text_findings,
    label_findings,
)
from isogloss.data.sources import Unit, open_source
from isogloss.data.survey import SideSurvey, Survey

HINDI = Language.parse("hi")


def survey(*texts: str, labels: tuple[str, ...] = ()) -> Survey:
    found = Survey((SideSurvey(HINDI),))
    for text in texts:
        found.add((text,), labels, 0)
    found.sides[0].finish()
    return found


def unit(kind: str, split: str) -> Unit:
    return Unit(kind, (HINDI,), split)


def test_a_split_in_another_script_is_refused() -> None:
    [finding] = character_findings(unit("text", "test"), survey("यह", "hindi likhi", "roman mein"))
    assert finding.severity == "error" and "most of them Latin" in finding.text


def test_single_lines_of_another_script_are_counted_over_the_splits() -> None:
    surveys = {
        unit("text", "train"): survey("यह हिन्दी है", "यह भी हिन्दी है", "not this"),
        unit("text", "test"): survey("यह हिन्दी पाठ है और लंबा है", "no"),
    }
    [finding] = foreign_text_findings(surveys)
    assert finding.where == "text hin-Deva" and finding.severity == "warning"
    assert "1 in train, 1 in test; the first is example 3 of train" in finding.text


def test_text_without_letters_is_refused() -> None:
    [finding] = character_findings(unit("text", "test"), survey("12 345", "6.7"))
    assert finding.severity == "error" and "another column" in finding.text


def test_labels_are_asked_of_labelled_data_alone() -> None:
    assert not list(label_findings(unit("text", "test"), survey("a", "b"), None))
    assert list(label_findings(unit("topic", "test"), survey("a", "b", labels=("x",)), None))


def test_single_texts_beside_pairs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "topic").mkdir()
    content = {"train": "text_a\ttext_b\tlabel\na\tb\tx\nc\td\ty\n", "test": "text\tlabel\na\tx\n"}
    for split, lines in content.items():
        (tmp_path / "topic" / f"sw.{split}.tsv").write_text(lines, encoding="utf-8")
    found = [str(one) for one in check_data(open_source(tmp_path)).findings]
    [error] = [one for one in found if "single texts" in one]
    assert "error: topic swa-Latn test: single texts, where topic swa-Latn train has pairs" in error


def test_a_finding_reads_as_one_line() -> None:
    assert str(Finding("error", "text swa-Latn dev", "empty")) == "error: text swa-Latn dev: empty"
