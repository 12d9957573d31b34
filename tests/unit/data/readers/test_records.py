"""Records of TSV and CSV files: what a CSV writer wrote comes back, and other text stays."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Reading
from isogloss.data.readers.records import find_dialect, read_records

# Text without `\r\n`, which is a line end inside a field too, and is read as `\n`.
FIELDS = st.text('ab "\t\n,;é', min_size=1, max_size=8).filter(lambda text: not text.isspace())
ROWS = st.lists(st.tuples(FIELDS, FIELDS, FIELDS), min_size=1, max_size=6)


def write(folder: Path, content: str, name: str = "x.tsv") -> SourceFile:
    path = folder / name
    path.write_bytes(content.encode())
    return SourceFile(path)


def records(file: SourceFile, quoting: bool | None = None) -> list[list[str]]:
    return [fields for _, fields in read_records(file, Reading(quoting=quoting))]


def written(rows: list[tuple[str, ...]], dialect: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, dialect).writerows(rows)
    return buffer.getvalue()


@given(rows=ROWS)
@pytest.mark.parametrize(("dialect", "name"), [("excel", "x.csv"), ("excel-tab", "x.tsv")])
def test_what_a_csv_writer_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    dialect: str,
    name: str,
) -> None:
    rows = [("first", "second", "third"), *rows]
    file = write(tmp_path_factory.getbasetemp(), written(rows, dialect), name)
    assert records(file, quoting=True) == [list(row) for row in rows]
    try:
        found = records(file)
    except InputError as error:
        # Each half of the field looks like a whole line: nobody can know.
        assert "`quoting: csv` or `quoting: none`" in str(error)
        return
    assert found == [list(row) for row in rows]


@given(rows=st.lists(st.tuples(*[st.text('ab ".,é', min_size=1, max_size=9)] * 2), min_size=1))
def test_fields_of_a_file_without_quoting_stay_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    content = "".join("\t".join(row) + "\n" for row in [*rows, ('said "no" twice', "x")])
    file = write(tmp_path_factory.getbasetemp(), content)
    kept = [list(row) for row in rows if "".join(row).strip()]
    assert records(file)[:-1] == kept
    assert records(file, quoting=False)[:-1] == kept


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('text\tlabel\n"a\tb"\tx\n', [["a\tb", "x"]]),
        ('text\tlabel\r\n"a\r\nb"\tx\r\n', [["a\nb", "x"]]),
        ('text\tlabel\n"say ""a"""\tx\n', [['say "a"', "x"]]),
        ('"text"\t"label"\n"a"\t"x"\n"b"\t"y"\n', [["a", "x"], ["b", "y"]]),
        ('text\tlabel\n"a"\t1\n"b"\t2\n', [["a", "1"], ["b", "2"]]),
        ('text\tlabel\n"a"\tx\nb\ty\n', [['"a"', "x"], ["b", "y"]]),
        ('text\tlabel\n"a\tx\nb\ty\n', [['"a', "x"], ["b", "y"]]),
        ('text\tlabel\n"a" and "b"\tx\n"c\td"\ty\n', [['"a" and "b"', "x"], ['"c', 'd"', "y"]]),
        ('\ufefftext\tlabel\n5" wide\tx\n', [['5" wide', "x"]]),
    ],
)
def test_the_whole_file_says_whether_marks_quote(
    tmp_path: Path, content: str, expected: list[list[str]]
) -> None:
    assert records(write(tmp_path, content))[1:] == expected


def test_a_file_that_reads_well_both_ways_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, 'text\tlabel\n"Wait\tx\nfor me"\ty\n')
    with pytest.raises(InputError, match=r"line 2. Say which it is.*`quoting: csv` or"):
        records(file)
    assert records(file, quoting=True)[1] == ["Wait\tx\nfor me", "y"]
    assert records(file, quoting=False)[1:] == [['"Wait', "x"], ['for me"', "y"]]


def test_a_mark_that_never_closes_does_not_gather_the_file(tmp_path: Path) -> None:
    lines = ["text\tlabel", '"open\tx', *["a\ty"] * 3000]
    assert len(records(write(tmp_path, "\n".join(lines)))) == 3002
    with pytest.raises(InputError, match=r"a quotation mark that closes.*line 2"):
        records(write(tmp_path, "\n".join(lines)), quoting=True)


@pytest.mark.parametrize(
    ("name", "content", "delimiter"),
    [
        ("x.csv", "a,b;c,d\n", ","),
        ("x.csv", "a;b,c;d\n", ";"),
        ("x.csv", "a\tb,c,d\n", "\t"),
        ("x.tsv", "a,b\n", "\t"),
    ],
)
def test_the_delimiter(tmp_path: Path, name: str, content: str, delimiter: str) -> None:
    assert find_dialect(write(tmp_path, content, name), None).delimiter == delimiter


def test_csv_text_may_hold_marks_inside(tmp_path: Path) -> None:
    file = write(tmp_path, 'text,label\n5" wide,x\n"a, b",y\n', "x.csv")
    assert records(file)[1:] == [['5" wide', "x"], ["a, b", "y"]]
    assert records(write(tmp_path, 'a,"b"\n', "x.csv"), quoting=False) == [["a", '"b"']]
