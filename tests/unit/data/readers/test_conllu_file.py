"""CoNLL-U gives syntactic words; ranges and empty nodes are passed over."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.readers import SourceFile, TaggedSentence
from isogloss.data.readers.conllu_file import looks_like_conllu, read_conllu


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


def read(folder: Path, content: str) -> list[tuple[int, TaggedSentence]]:
    path = folder / "fr.dev.conllu"
    path.write_bytes(content.encode())
    return list(read_conllu(SourceFile(path, "fra-Latn")))


def test_multi_word_tokens_and_empty_nodes(tmp_path: Path) -> None:
    first, second = read(tmp_path, FRENCH)
    assert first == (
        3,
        TaggedSentence(("Il", "vient", "de", "le", "bar"), ("PRON", "VERB", "ADP", "DET", "NOUN")),
    )
    assert second == (12, TaggedSentence(("#",), ("SYM",)))


def test_the_last_sentence_needs_no_blank_line(tmp_path: Path) -> None:
    assert len(read(tmp_path, FRENCH.rstrip("\n"))) == 2


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2\tvient\tVERB", "3 columns"),
        (word("x", "vient", "VERB"), "x"),
        (word("2", "vient", "_"), "without UPOS"),
        (word("2", "_", "_"), "UPOS"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, found: str) -> None:
    content = "\n".join(["# sent_id = 1", word("1", "Il", "PRON"), line, ""])
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert "fr.dev.conllu, line 3 (fra-Latn)" in str(caught.value)
    assert found in str(caught.value)


def test_a_head_that_is_no_number_is_named(tmp_path: Path) -> None:
    bad = word("1", "Il", "PRON").split("\t")
    bad[6] = "root"
    with pytest.raises(InputError, match="line 1"):
        read(tmp_path, "\t".join(bad))


def test_a_file_of_comments_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one CoNLL-U sentence"):
        read(tmp_path, "# sent_id = 1\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# sent_id = 4", True),
        (word("1-2", "du", "_"), True),
        (word("1", "a", "X"), True),
        ("# SYM", False),
        ("#\tSYM", False),
        ("Nairobi\tB-LOC", False),
        ("1\tNUM", False),
    ],
)
def test_the_first_line_tells_the_format(line: str, *, expected: bool) -> None:
    assert looks_like_conllu(line) is expected
