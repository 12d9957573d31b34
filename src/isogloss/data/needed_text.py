"""All text of some data, whatever its kind: what a vocabulary must be able to write."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language
from isogloss.data.readers import SourceFile, read_text
from isogloss.data.sources import DataSource, Unit, open_source
from isogloss.data.tokenizers import Text

_MAPPINGS: Final = {".yaml", ".yml"}


def all_text(places: Sequence[Path], languages: Collection[Language] = ()) -> Iterator[Text]:
    """Yield the text of files, folders and mappings, labelled data included.

    Args:
        places: text files, one sentence or paragraph a line; folders and mappings of data.
        languages: of folders and mappings, only data of these; none = of all.

    Yields:
        Lines, and sentences divided into words where the data are.

    Raises:
        InputError: a place that is none of these, or without data of one of the languages.
    """
    for place in places:
        if place.is_file() and place.suffix not in _MAPPINGS:
            yield from read_text(SourceFile(place))
        else:
            source = open_source(place)
            _refuse_absent(source, languages)
            yield from texts_of_source(source, languages)


def texts_of_source(
    source: DataSource, languages: Collection[Language] = (), kinds: Collection[str] = ()
) -> Iterator[Text]:
    """Yield all text of a source.

    Args:
        source: of the data.
        languages: only data that are all of these; none = of all.
        kinds: of the data; none = all.
    """
    for unit in source.units():
        wanted = not languages or set(unit.languages) <= set(languages)
        if wanted and (not kinds or unit.kind in kinds):
            yield from texts_of(source, unit)


def texts_of(source: DataSource, unit: Unit) -> Iterator[Text]:
    """Yield the text of one unit: lines, or sentences in the words that its data have.

    Args:
        source: of the data.
        unit: of the source.
    """
    kind, languages, split = unit
    match unit.task:
        case "text":
            yield from source.text(languages[0], split, kind=kind)
        case "parallel":
            yield from _flat(source.pairs(languages[0], languages[1], split, kind=kind))
        case "pos" | "ner":
            yield from (one.tokens for one in source.tagged(kind, languages[0], split))
        case "qa":
            questions = source.questions(kind, languages[0], split)
            yield from _flat((one.context, one.question) for one in questions)
        case _:
            texts = source.classified(kind, languages[0], split)
            yield from _flat((one.text, one.pair) for one in texts)


def _flat(pairs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    return (text for pair in pairs for text in pair if text is not None)


def _refuse_absent(source: DataSource, languages: Collection[Language]) -> None:
    there = {one for unit in source.units() for one in unit.languages}
    absent = [str(one) for one in languages if one not in there]
    if absent:
        raise InputError(
            expected=f"data of {', '.join(absent)}",
            found=f"data of {', '.join(sorted(map(str, there)))}",
            where=source.where,
            next_step="Add the files, or leave the language out.",
        )
