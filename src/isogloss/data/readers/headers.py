"""Names of columns: which of them hold the text, its pair and the label."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from isogloss.core import closest
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Column

# The first names are plain enough to be taken although others stand beside them.
_PLAIN_TEXTS: Final = ("text", "sentence")
_TEXTS: Final = (
    *("tweet", "review", "content", "utterance", "utt", "headline", "comment", "message", "post"),
    *("body", "review_body", "review_text", "news", "article", "document", "sentence1", "text1"),
    *("premise", "question", "query", "title", "txt", "input", "tweet_text", "source_text"),
)
_PLAIN_LABELS: Final = ("gold_label", "label")
_LABELS: Final = (
    *("labels", "category", "topic", "class", "intent", "sentiment", "label_id", "label_name"),
    *("is_duplicate", "polarity", "stars", "rating", "emotion", "gold", "target", "class_label"),
    *("relation", "entailment", "label_text", "majority_label", "score", "output", "y"),
)
_IDENTIFIERS: Final = (
    *("id", "index_id", "idx", "guid", "uid", "pairid", "pair_id", "sent_id", "sentence_id"),
)
_COUPLES: Final = (
    *(("premise", "hypothesis"), ("premise", "hypo"), ("sentence1", "sentence2")),
    *(("sentence_1", "sentence_2"), ("sentence_a", "sentence_b"), ("text1", "text2")),
    *(("text_a", "text_b"), ("text_1", "text_2"), ("s1", "s2"), ("question1", "question2")),
    *(("question", "sentence"), ("query", "document"), ("query", "passage")),
    *(("claim", "evidence"), ("text", "hypothesis"), ("context", "hypothesis")),
    *(("source", "target"),),
)
Found = dict[str, int]


def plain_name(name: str) -> str:
    """Return a column's name as the lists of known names write it.

    Example:
        >>> plain_name('"#Review Body" ')
        'review_body'
    """
    return re.sub(r"[\s-]+", "_", name.strip().strip('"#').strip().lower())


def find_named(names: Sequence[str]) -> Found:
    """Return where text, pair and label stand, as far as the names of columns say it.

    Where two names could hold the text, or the label, and none of them is the usual one, neither
    is taken: nobody can know.

    Args:
        names: the names of the columns.

    Returns:
        `text`, `pair` and `label` -> index, without those that were not found.

    Example:
        >>> find_named(["ID", "tweet", "label"])
        {'text': 1, 'label': 2}
        >>> find_named(["title", "body", "stars"])
        {'label': 2}
    """
    known = [plain_name(name) for name in names]
    found: Found = {}
    couple = next((one for one in _COUPLES if set(one) <= set(known)), None)
    label_names = [name for name in (*_PLAIN_LABELS, *_LABELS) if not couple or name not in couple]
    if couple:
        found |= {"text": known.index(couple[0]), "pair": known.index(couple[1])}
    elif (text := _one_of(known, _PLAIN_TEXTS, _TEXTS)) is not None:
        found["text"] = text
    label = _one_of(known, label_names[:2], label_names[2:])
    if label is not None:
        found["label"] = label
    return found


def has_known_name(names: Sequence[str]) -> bool:
    """Tell whether a line holds a word that usually names a text or a label."""
    words = {*_PLAIN_TEXTS, *_TEXTS, *_PLAIN_LABELS, *_LABELS}
    return any(plain_name(name) in words for name in names)


def identifier_column(names: Sequence[str]) -> int | None:
    """Return the index of the only column whose name is that of identifiers.

    Example:
        >>> identifier_column(["index_id", "category", "text"])
        0
    """
    return _one_of([plain_name(name) for name in names], (), _IDENTIFIERS)


def is_name_of(name: str, wanted: str) -> bool:
    """Tell whether `name` usually names a column of this use: `text`, `pair` or `label`."""
    plain = plain_name(name)
    firsts, seconds = zip(*_COUPLES, strict=True)
    uses = {
        "text": {*_PLAIN_TEXTS, *_TEXTS, *firsts},
        "pair": set(seconds),
        "label": {*_PLAIN_LABELS, *_LABELS},
    }
    return plain in uses.get(wanted, set())


def resolve_columns(
    file: SourceFile, line: int, names: Sequence[str], columns: Mapping[str, Column]
) -> Found:
    """Return the indices of columns given by name or by number from 1.

    Args:
        file: for the message.
        line: number of the line with the names.
        names: the fields of the first line.
        columns: what is wanted -> name or number.

    Raises:
        InputError: a name or a number that is not there.
    """
    found: Found = {}
    plain = [plain_name(name) for name in names]
    for wanted, column in columns.items():
        if isinstance(column, int):
            if column > len(names):
                raise file.error(
                    line,
                    expected=f"column {column} (`{wanted}`)",
                    found=f"{len(names)} columns",
                    next_step="Count columns from 1 in `columns` of the mapping.",
                )
            found[wanted] = column - 1
        elif column in names:
            found[wanted] = list(names).index(column)
        elif plain.count(plain_name(column)) == 1:
            found[wanted] = plain.index(plain_name(column))
        else:
            near = closest(column, list(names))
            raise file.error(
                line,
                expected=f"a header with the column `{column}`",
                found=f"the columns {shown_columns(names)}",
                next_step=f"Did you mean `{near}`?"
                if near
                else f"Name the column in the mapping, or give its number: `columns: "
                f"{{{wanted}: 1}}`.",
            )
    return found


def shown_columns(names: Sequence[str]) -> str:
    """Return the fields of a line for a message: short, with their numbers."""
    shown = [f"{n} `{name.strip()[:30]}`" for n, name in enumerate(names[:12], start=1)]
    return ", ".join(shown) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _one_of(names: Sequence[str], plain: Sequence[str], others: Sequence[str]) -> int | None:
    """Return the index of the only fitting name, or of a plain one."""
    for name in plain:
        if name in names:
            return names.index(name)
    fitting = [index for index, name in enumerate(names) if name in others]
    return fitting[0] if len(fitting) == 1 else None
