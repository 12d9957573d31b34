"""Tagged sentences, whatever the file's format: its content says which one it is."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from isogloss.data.readers.columns import NumberedSentence, read_columns
from isogloss.data.readers.conllu_file import looks_like_conllu, read_conllu
from isogloss.data.readers.examples import DataWarning, TaggedSentence
from isogloss.data.readers.iob2 import is_iob2, repair_orphans
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Reading

_AS_IT_STANDS: Final = Reading()

UPOS: Final = frozenset(
    [
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
        *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
    ]
)


def read_tagged(
    file: SourceFile, *, entities: bool, strict: bool = False, reading: Reading = _AS_IT_STANDS
) -> list[TaggedSentence]:
    """Read the sentences of a file of tagged words.

    The format is chosen by content: CoNLL-U, or columns divided by tabs or spaces.

    Args:
        file: UTF-8.
        entities: the tags are entity tags and have to be IOB2.
        strict: refuse an I-X that continues no entity of type X. Otherwise it is read as B-X, as
            conlleval and seqeval do, and a `DataWarning` says how many there were.

        reading: what a mapping says.

    Returns:
        The sentences, in the order of the file.

    Raises:
        InputError: a broken line, a tag that is not IOB2 in entity data, or no sentence.
    """
    sentences = _read(file)
    if not entities:
        return [sentence for _, sentence in sentences]
    return _in_iob2(file, sentences, strict=strict)


def _read(file: SourceFile) -> Iterator[NumberedSentence]:
    first = next((line for _, line in file.lines() if line.strip()), "")
    return read_conllu(file) if looks_like_conllu(first) else read_columns(file)


def _in_iob2(
    file: SourceFile, sentences: Iterator[NumberedSentence], *, strict: bool
) -> list[TaggedSentence]:
    """Check the tags and repair orphans, with one warning for the file."""
    result: list[TaggedSentence] = []
    n_orphans, first_orphan = 0, 0
    for start, sentence in sentences:
        _refuse_other_tags(file, start, sentence)
        tags, orphans = repair_orphans(sentence.tags)
        if orphans:
            n_orphans += len(orphans)
            first_orphan = first_orphan or start + orphans[0]
            if strict:
                raise _orphan_error(file, first_orphan, sentence.tags[orphans[0]])
        result.append(replace(sentence, tags=tags))
    if n_orphans:
        warnings.warn(
            f"{file.at(first_orphan)}: {n_orphans} I- tags in this file continue no entity and "
            "were read as B- (first one at this line)",
            DataWarning,
            stacklevel=2,
        )
    return result


def _refuse_other_tags(file: SourceFile, start: int, sentence: TaggedSentence) -> None:
    for position, tag in enumerate(sentence.tags):
        if not is_iob2(tag):
            raise file.error(
                start + position,
                expected="an IOB2 tag: O, B-TYPE or I-TYPE",
                found=f"`{tag}` on token `{sentence.tokens[position]}`",
                next_step="Convert the tags to IOB2 (S- becomes B-, E- becomes I-), or give the "
                "file as kind `pos` if its tags are no entities.",
            )


def _orphan_error(file: SourceFile, line: int, tag: str) -> Exception:
    return file.error(
        line,
        expected=f"an entity of type {tag[2:]} before `{tag}`",
        found="none: the tag before is O or of another type",
        next_step=f"Write `B-{tag[2:]}`, or read without strict=True.",
    )
