"""Pairs that mean the same or not, read as PAWS-X is published."""

from pathlib import Path

from isogloss.core import Language
from isogloss.data import open_source, task_card


def test_pairs_of_pawsx_are_read_with_their_labels(tmp_path: Path) -> None:
    lines = [
        "id\tsentence1\tsentence2\tlabel",
        "1\tThe river runs north.\tNorth runs the river.\t1",
        "2\tShe told him.\tHe told her.\t0",
    ]
    (tmp_path / "nli").mkdir()
    (tmp_path / "nli" / "en.pawsx.train.tsv").write_text("\n".join(lines), encoding="utf-8")
    kind = task_card("paraphrase").kind_of("train")
    found = open_source(str(tmp_path)).classified(kind, Language.parse("en"), "train")
    assert [(one.text, one.pair, one.label) for one in found] == [
        ("The river runs north.", "North runs the river.", "1"),
        ("She told him.", "He told her.", "0"),
    ]
