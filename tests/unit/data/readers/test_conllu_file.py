"""CoNLL-U gives syntactic words; ranges and empty nodes are passed over."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.readers import (
    DataWarning,
    NumberedSentence,
    Reading,
    SourceFile,
    read_tagged,
)
from isogloss.data.readers.conllu_file import looks_like_conllu, read_conllu
from isogloss.data.readers.reading import Account


def word(identifier: str, form: str, upos: str) -> str:
    return "\t".join([identifier, form, "_", upos, "_", "_", "_", "_", "_", "_"])


FRENCH = "\n".join(
    [
        "# sent_id = 1",
        "# text = Il vient du bar",
        word("1", "Il", "PRON"),
        word("2", "vient", "VERB"),
        word("3-4", "du", "_"),
        word("3", "de", "ADP"),
        word("4", "le", "DET"),
        word("4.1", "vient", "VERB"),
        word("5", "bar", "NOUN"),
        "",
        "# sent_id = 2",
        word("1", "#", "SYM"),
        "",
    ]
)


def read(
    folder: Path, content: str, reading: Reading | None = None, *, entities: bool = False
) -> list[NumberedSentence]:
    path = folder / "fr.dev.conllu"
    path.write_bytes(content.encode())
    file = SourceFile(path, "fra-Latn")
    account = Account(file.at(), reading or Reading())
    found = list(read_conllu(file, account, entities=entities))
    account.close(len(found))
    return [one._replace(identifier="") for one in found]


def test_multi_word_tokens_and_empty_nodes(tmp_path: Path) -> None:
    first, second = read(tmp_path, FRENCH)
    assert first == (
        (3, 4, 6, 7, 9),
        ("Il", "vient", "de", "le", "bar"),
        ("PRON", "VERB", "ADP", "DET", "NOUN"),
        "",
    )
    assert second == ((12,), ("#",), ("SYM",), "")


def test_the_last_sentence_needs_no_blank_line(tmp_path: Path) -> None:
    assert len(read(tmp_path, FRENCH.rstrip("\n"))) == 2


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2\tvient\tVERB", "3 columns"),
        (word("2", "vient", "VERB").replace("\t", " "), "1 columns"),
        (word("x", "vient", "VERB"), "`x` in column 1 (ID), which is no number"),
        (word("0", "vient", "VERB"), "`0` in column 1 (ID), where word 2 has to follow"),
        (word("1", "vient", "VERB"), "`1` in column 1 (ID), where word 2 has to follow"),
        (word("3", "vient", "VERB"), "`3` in column 1 (ID), where word 2 has to follow"),
        (word("9" * 5000, "vient", "VERB"), "in column 1 (ID), which is no number"),
        (word("1.2", "vient", "VERB"), "`1.2` in column 1 (ID), where 1.1 has to follow"),
        (word("2.1", "vient", "VERB"), "`2.1` in column 1 (ID), where 1.1 has to follow"),
        (word("3-4", "du", "_"), "`3-4` in column 1 (ID), after word 1"),
        (word("2-2", "du", "_"), "`2-2` in column 1 (ID), after word 1"),
        (word("2-3", "du", "_"), "no word 3, which a range in column 1 (ID) announces"),
        (word("2", "vient", "_"), "a word without a tag in column 4 (UPOS)"),
        (word("2", "", "VERB"), "a word without a form in column 2 (FORM)"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, found: str) -> None:
    content = "\n".join(["# sent_id = 1", word("1", "Il", "PRON"), line, ""])
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert "fr.dev.conllu, line 3 (fra-Latn)" in str(caught.value)
    assert found in str(caught.value)
    assert str(caught.value).count("Expected") == 1


def test_empty_nodes_may_come_first_and_be_several(tmp_path: Path) -> None:
    ids = ["0.1", "0.2", "1", "1.1", "1.2", "2-3", "2", "3", "3.1"]
    content = "\n".join(word(identifier, "a", "VERB") for identifier in ids)
    assert read(tmp_path, content)[0].lines == (3, 7, 8)


def test_dependencies_are_none_of_our_business(tmp_path: Path) -> None:
    row = word("1", "Он", "PRON").split("\t")
    row[8:] = ["0:root|7.12:conj:ja>4.1", "Gloss=he|Ref=1=2"]
    assert read(tmp_path, "\t".join(row))[0].tokens == ("Он",)


def test_broken_sentences_are_left_out_on_request(tmp_path: Path) -> None:
    content = "\n\n".join([word("1", "Il", "PRON"), word("3", "x", "VERB"), word("1", "y", "X")])
    with pytest.raises(InputError, match="line 3"):
        read(tmp_path, content)
    with pytest.warns(DataWarning, match="1 of 3 examples were broken and skipped"):
        assert len(read(tmp_path, content, Reading(skip=True))) == 2


@pytest.mark.parametrize("column", [0, 11, "ner"])
def test_a_column_that_the_format_lacks_is_refused(tmp_path: Path, column: int | str) -> None:
    with pytest.raises(InputError, match="a column of CoNLL-U for `tags`: 1 to 10"):
        read(tmp_path, FRENCH, Reading(columns={"tags": column}))


def test_entities_stand_in_misc(tmp_path: Path) -> None:
    words = ("name=B-PER", "SpaceAfter=No|ner=I-PER", "name=O|Gloss=x")
    rows = [word(str(n), f"w{n}", "X")[:-1] + misc for n, misc in enumerate(words, start=1)]
    assert read(tmp_path, "\n".join(rows), entities=True)[0].tags == ("B-PER", "I-PER", "O")
    with pytest.raises(InputError, match=r"a word without one in column 10 .MISC."):
        read(tmp_path, FRENCH, entities=True)


def test_a_head_that_is_no_number_is_named(tmp_path: Path) -> None:
    bad = word("1", "Il", "PRON").split("\t")
    bad[6] = "root"
    with pytest.raises(InputError, match="line 1"):
        read(tmp_path, "\t".join(bad))


def test_a_file_of_comments_only_has_no_sentence(tmp_path: Path) -> None:
    assert read(tmp_path, "# sent_id = 1\n") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (word("1-2", "du", "_"), True),
        (word("0.1", "_", "VERB"), True),
        (word("1", "a", "X"), True),
        ("#\tSYM", False),
        ("Nairobi\tB-LOC", False),
        ("1\tNUM", False),
        ("1\tMette\tB-PER\t-\tanna", False),
    ],
)
@pytest.mark.parametrize(
    "comment", ["", "# generator = UDPipe 2\n", "# newdoc\n\n", "#\n", "# made by hand\n# x y\n"]
)
def test_the_first_line_that_is_no_comment_tells_the_format(
    tmp_path: Path, comment: str, line: str, *, expected: bool
) -> None:
    path = tmp_path / "any"
    path.write_text(comment + line, encoding="utf-8")
    assert looks_like_conllu(SourceFile(path)) is expected


def test_spaces_in_place_of_tabs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_text("# x\n1 Il il PRON _ _ 0 root _ _\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"Found spaces in place of the tabs.*line 2"):
        looks_like_conllu(SourceFile(path))


def test_sentences_have_their_identifier_or_their_place(tmp_path: Path) -> None:
    word = "1\tWort\t_\tNOUN\t_\t_\t0\t_\t_\t_\n\n"
    path = tmp_path / "x.conllu"
    path.write_text(f"# newdoc\n# sent_id = w01\n{word}{word}#sent_id=w 03 \n{word}", "utf-8")
    found = read_tagged(SourceFile(path), entities=False)
    assert [one.identifier for one in found] == ["w01", "#2", "w 03"]
