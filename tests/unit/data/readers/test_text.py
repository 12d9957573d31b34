"""Plain text streams line by line, as it stands."""

import unicodedata
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import DataWarning, Reading, SourceFile, read_text


def test_accents_and_composition_are_left_alone(tmp_path: Path) -> None:
    lines = [unicodedata.normalize(form, "హిందీ é") for form in ("NFC", "NFD")]
    (tmp_path / "x").write_text("\n".join(lines), encoding="utf-8")
    assert list(read_text(SourceFile(tmp_path / "x"))) == lines


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a\n\n \t\nb\n\n", encoding="utf-8")
    assert list(read_text(SourceFile(tmp_path / "x"))) == ["a", "b"]


@pytest.mark.parametrize("content", ["", "\n \n\t\n"])
def test_a_file_without_text_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="at least one line of text"):
        list(read_text(SourceFile(tmp_path / "x")))


def test_reading_starts_before_the_end_is_known(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"first\n" + b"\xff\n")
    assert list(islice(read_text(SourceFile(tmp_path / "x")), 1)) == ["first"]


@given(content=st.binary(max_size=200))
def test_any_bytes_are_text_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.txt"
    path.write_bytes(content)
    try:
        lines = list(read_text(SourceFile(path)))
    except InputError:
        return
    assert lines and all(line in content.decode() for line in lines)


def test_limit_counts_lines(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("a\n\nb\nc\n", encoding="utf-8")
    assert list(read_text(SourceFile(tmp_path / "x.txt"), reading=Reading(limit=2))) == ["a", "b"]


def test_a_column_of_a_table_is_text(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("1\tswh\tMoto\n2\teng\tFire\n3\tswh\tMaji\n4\n", "utf-8")
    file = SourceFile(tmp_path / "x.tsv")
    rows = Reading(columns={"text": 3}, prefix=(2, "swh"), limit=2)
    with pytest.raises(InputError, match=r"3 columns, as in the first line.*line 4"):
        list(read_text(file, reading=rows))
    with pytest.warns(DataWarning, match="1 of 3 examples were broken and skipped"):
        skipping = Reading(columns={"text": 3}, prefix=(2, "swh"), skip=True)
        assert list(read_text(file, reading=skipping)) == ["Moto", "Maji"]
    with pytest.raises(InputError, match=r"a column of text.*columns: {text: 2}"):
        list(read_text(file, reading=Reading(prefix=(2, "swh"))))


def test_a_named_column_may_hold_lines(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('id,text\n1,"Moto.\nMaji."\n', encoding="utf-8")
    file = SourceFile(tmp_path / "x.csv")
    for columns in ({"text": "text"}, {"text": 2}):
        assert list(read_text(file, reading=Reading(columns=columns))) == ["Moto.", "Maji."]
