"""Labelled texts: with and without header, one text or two."""

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import ClassifiedText, DataWarning, Reading, SourceFile, read_classified


def write(folder: Path, content: str | bytes) -> SourceFile:
    path = folder / "sw.dev.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, "swa-Latn")


def test_three_columns_without_header_are_a_pair(tmp_path: Path) -> None:
    assert read_classified(write(tmp_path, "a\tb\tneutral\nc\td\t0\n"), paired=True) == [
        ClassifiedText("a", "b", "neutral"),
        ClassifiedText("c", "d", "0"),
    ]


def test_two_columns_without_header_are_a_text(tmp_path: Path) -> None:
    assert read_classified(write(tmp_path, "a\tsports\n")) == [ClassifiedText("a", None, "sports")]


def test_a_header_finds_the_columns_by_name(tmp_path: Path) -> None:
    file = write(tmp_path, "index_id\tcategory\ttext\n\n7\tsports\tMpira\n")
    assert read_classified(file) == [ClassifiedText("Mpira", None, "sports")]
    file = write(tmp_path, "label\tsentence2\tsentence1\n1\tb\ta\n")
    assert read_classified(file) == [ClassifiedText("a", "b", "1")]


@pytest.mark.parametrize("header", ["text\tlabel\n", ""])
def test_quotes_that_a_csv_writer_needs_are_undone(tmp_path: Path, header: str) -> None:
    read = read_classified(write(tmp_path, f'{header}"""Hi,"" he said"\tx\n'))
    assert read[0].text == '"Hi," he said'


@pytest.mark.parametrize("text", ['"a" and "b"', '"', '"a', 'a"', '"a"b"', '"Hi, he said."'])
def test_quotes_that_are_no_csv_stay(tmp_path: Path, text: str) -> None:
    assert read_classified(write(tmp_path, f"text\tlabel\n{text}\tx\n"))[0].text == text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a\tb", "3 columns"),
        ("a\tb\tc\td", "3 columns"),
        ("a\t \tx", "two texts"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read_classified(write(tmp_path, f"p\th\tneutral\n\n{line}\n"), paired=True)
    assert "sw.dev.tsv, line 3 (swa-Latn)" in str(caught.value)
    assert f"Expected {expected}" in str(caught.value)


@pytest.mark.parametrize("first", ["alone", "a\tb\tc\td", "id\tname\tvalue\tother"])
def test_unknown_columns_are_refused(tmp_path: Path, first: str) -> None:
    with pytest.raises(InputError, match="Add a header line"):
        read_classified(write(tmp_path, f"{first}\n"))


@pytest.mark.parametrize("content", ["", "\n", "text\tlabel\n"])
def test_a_file_without_examples_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match="at least one labelled example"):
        read_classified(write(tmp_path, content))


HEADERS = (
    *("text label", "tweet label", "review label", "content label", "utt intent"),
    *("headline category", "text sentiment", "text labels", "sentence label_id", "Text Label"),
    *("ID tweet label", "index text label", "premise hypo label", "premise hypothesis label"),
    *("sentence1 sentence2 gold_label", "sentence1 sentence2 is_duplicate", "s1 s2 label"),
    *("query document label", "text_a text_b label", "text1 text2 label", "source target label"),
    *("premise hypothesis label id", "#text label", "text id label", "zin label", "text soort"),
    *("review_body stars", "comment class", "question1 question2 is_duplicate", "post emotion"),
)
LABELS = {
    *("label", "labels", "category", "intent", "sentiment", "gold_label", "is_duplicate"),
    *("label_id", "soort", "stars", "class", "emotion"),
}


@pytest.mark.parametrize("header", HEADERS)
def test_usual_headers_are_no_examples(tmp_path: Path, header: str) -> None:
    names = header.split()
    rows = [
        ["good" if name.lower() in LABELS else f"value {n} of {name}" for name in names]
        for n in range(2)
    ]
    content = "".join("\t".join(row) + "\n" for row in [names, *rows])
    with warnings.catch_warnings(action="ignore", category=DataWarning):
        examples = read_classified(write(tmp_path, content))
    assert [example.label for example in examples] == ["good", "good"]
    assert all(example.text.startswith("value") for example in examples)


def test_the_second_text_of_translated_xnli_is_the_hypothesis(tmp_path: Path) -> None:
    file = write(tmp_path, "premise\thypo\tlabel\na\tb\tneutral\n")
    assert read_classified(file, paired=True) == [ClassifiedText("a", "b", "neutral")]


@pytest.mark.parametrize(
    "content", ["a\tneutral\nb\tneutral\n", "premise\tlabel\na\tneutral\n", "a b\n"]
)
def test_inference_without_pairs_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"`columns: {text: 1, pair: 2, label: 3}`"):
        read_classified(write(tmp_path, content), paired=True)


def test_an_unknown_header_over_sentences_is_taken_for_one_and_said(tmp_path: Path) -> None:
    file = write(tmp_path, "zin\tsoort\nhet regent al dagen\tweer\nde zon is er weer\tweer\n")
    with pytest.warns(DataWarning, match="line 1.*taken for a header, as its label `soort`"):
        assert len(read_classified(file)) == 2
    assert len(read_classified(file, reading=Reading(header=False))) == 3


def test_a_first_line_that_may_be_an_example_is_refused(tmp_path: Path) -> None:
    file = write(
        tmp_path, "the train is late again\ttravel\na goal was scored\tsport\nx y\tsport\n"
    )
    with pytest.raises(InputError, match="`header: true` or `header: false`"):
        read_classified(file)
    assert read_classified(file, reading=Reading(header=False))[0].label == "travel"


@pytest.mark.parametrize(
    ("content", "columns", "step"),
    [
        ("r1\tgood food\tpos\nr2\tbad food\tneg\n", {"text": 2, "label": 3}, "columns: {text"),
        ("title\tbody\tlabel\na\tb\tx\n", {"text": "body"}, "columns: {text"),
    ],
)
def test_columns_that_nothing_names_are_refused_until_the_mapping_does(
    tmp_path: Path, content: str, columns: dict[str, str | int], step: str
) -> None:
    with pytest.raises(InputError, match=step):
        read_classified(write(tmp_path, content))
    assert read_classified(write(tmp_path, content), reading=Reading(columns=columns))


def test_labels_as_many_as_examples_are_in_another_column(tmp_path: Path) -> None:
    content = "".join(f"sport\tsentence number {n}\n" for n in range(30))
    with pytest.raises(InputError, match=r"hardly two alike in column 2.*{text: 2, label: 1}"):
        read_classified(write(tmp_path, content))
    swapped = Reading(columns={"text": 2, "label": 1})
    assert read_classified(write(tmp_path, content), reading=swapped)[0].label == "sport"


def test_names_and_numbers_must_be_there(tmp_path: Path) -> None:
    file = write(tmp_path, "ID\ttweet\tlabel\n1\ta\tx\n")
    with pytest.raises(InputError, match=r"column `nothing`. Found the columns 1 `ID`, 2 `tweet`"):
        read_classified(file, reading=Reading(columns={"text": "nothing"}))
    with pytest.raises(InputError, match="numbers in `columns`"):
        read_classified(file, reading=Reading(columns={"text": "tweet"}, header=False))
    with pytest.raises(InputError, match="begins with `z`"):
        read_classified(file, reading=Reading(prefix=("ID", "z")))


@pytest.mark.parametrize(
    "content",
    ["text\tlabel\t\na\tx\t\n", "text\tlabel\na\tx\t\n", "text\tlabel\t\na\tx\n", "a\tx\t\n"],
)
def test_trailing_delimiters_make_no_column(tmp_path: Path, content: str) -> None:
    assert read_classified(write(tmp_path, content)) == [ClassifiedText("a", None, "x")]


def test_bom_crlf_and_commas(tmp_path: Path) -> None:
    path = tmp_path / "sw.test.csv"
    path.write_bytes('\ufefftext,label\r\n"a, ""b""\r\nc",x\r\n'.encode())
    assert read_classified(SourceFile(path)) == [ClassifiedText('a, "b"\nc', None, "x")]


@given(content=st.binary(max_size=100) | st.text('ab\t\n "', max_size=60).map(str.encode))
def test_any_bytes_are_examples_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = write(tmp_path_factory.getbasetemp(), content)
    try:
        with warnings.catch_warnings(action="ignore", category=DataWarning):
            examples = read_classified(file)
    except InputError:
        return
    assert all(example.text.strip() and example.label for example in examples)


def test_examples_have_the_identifier_of_a_column_or_their_place(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("idx\ttext\tlabel\n5\tone\ta\n3\ttwo\tb\n4\t three\ta\n", "utf-8")
    assert [one.identifier for one in read_classified(SourceFile(path))] == ["5", "3", "4"]
    path.write_text("idx\ttext\tlabel\n5\tone\ta\n5\ttwo\tb\n4\tthree\ta\n", "utf-8")
    assert [one.identifier for one in read_classified(SourceFile(path))] == ["#1", "#2", "#3"]


def test_places_count_examples_without_a_label(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("one\ta\ntwo\t-\nthree\ta\nfour\ta\n", "utf-8")
    with pytest.warns(DataWarning, match="without a gold label"):
        found = read_classified(SourceFile(path))
    assert [one.identifier for one in found] == ["#1", "#3", "#4"]
