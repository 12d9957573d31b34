from pathlib import Path

import pytest

from isogloss.comparison.language_models.labelled_parts import (
    labelled_parts,
    parallel_parts,
    same_labels,
)
from isogloss.core import InputError
from isogloss.data import open_source


def write(data: Path, name: str, text: str) -> None:
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_labels_are_spelled_as_in_the_data(tmp_path: Path) -> None:
    """Also those of an entity type of which the data have the other part alone."""
    write(tmp_path, "ner/sw.test.tsv", "ab\tB-PER\ncd\tO\n")
    parts, names, said = labelled_parts(
        open_source(tmp_path), "token_classification", ("o", "B-Per", "I-Per", "B-Loc")
    )
    assert [(one.name, one.split) for one in parts] == [("ner-swa-Latn", "test")]
    assert names == {"ner": {"o": "O", "B-Per": "B-PER", "I-Per": "I-PER"}}
    assert said == []


def test_data_of_labels_that_no_head_knows_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "ner/sw.test.tsv", "ab\tB-PER\ncd\tB-AGE\n")
    write(tmp_path, "ner/te.other.test.tsv", "ab\tB-AGE\n\nab\tB-AGE\n")
    parts, _, said = labelled_parts(
        open_source(tmp_path), "token_classification", ("O", "B-PER", "I-PER")
    )
    assert [one.kind for one in parts] == ["ner"]
    assert said == [
        "ner: the heads do not know B-AGE, which count as missed.",
        "ner.other is left out: the heads know none of its labels (B-AGE).",
    ]
    with pytest.raises(InputError, match=r"with labels of the heads \(O, B-JOB\)"):
        labelled_parts(open_source(tmp_path), "token_classification", ("O", "B-JOB"))
    with pytest.raises(InputError, match=r"for extractive qa\. Found data of ner"):
        labelled_parts(open_source(tmp_path), "extractive_qa", None)


def test_test_data_go_before_dev_data(tmp_path: Path) -> None:
    for name in ("sw.dev", "sw.test", "fr.dev"):
        write(tmp_path, f"topic/{name}.tsv", "ab\tyes\ncd\tno\n")
    parts, _, _ = labelled_parts(open_source(tmp_path), "sequence_classification", ("yes", "no"))
    assert {one.name: one.split for one in parts} == {
        "topic-fra-Latn": "dev",
        "topic-swa-Latn": "test",
    }


def test_parallel_text_is_of_the_language_with_fewer_partners(tmp_path: Path) -> None:
    for pair in ("en-sw", "fr-en"):
        write(tmp_path, f"parallel/{pair}.test.tsv", "ab\tcd\n")
    assert {one.name for one in parallel_parts(open_source(tmp_path))} == {
        "parallel-eng-Latn+swa-Latn",
        "parallel-eng-Latn+fra-Latn",
    }


def test_labels_of_both_heads_are_the_same(tmp_path: Path) -> None:
    assert same_labels([("a", "b"), ("b", "a")], [tmp_path, tmp_path]) == ("a", "b")
    with pytest.raises(InputError, match="only BASE has a; only NEW has c, d"):
        same_labels([("a", "b"), ("b", "c", "d")], [tmp_path, tmp_path])
