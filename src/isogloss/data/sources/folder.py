"""Folders of files: one folder per kind, or plain text without kinds."""

from collections.abc import Iterable
from pathlib import Path

from isogloss.core import InputError
from isogloss.data.readers import SourceFile
from isogloss.data.sources.catalogue import Catalogue
from isogloss.data.sources.files import FileContents
from isogloss.data.sources.names import parse_languages, parse_name
from isogloss.data.sources.protocol import KINDS, SPLITS, Contents, Unit


def open_folder(folder: Path) -> Catalogue:
    """Return the catalogue of a folder, laid out by kind if it has a folder named as a kind.

    Args:
        folder: `{kind}/{language}[.{set}].{split}.{ext}`, or `{language}.{split}.txt`, or
            `{language}.txt` (one file a language, divided by us).

    Raises:
        InputError: no data in it, a name that is no language, or two files for one thing.
    """
    kinds = [kind for kind in KINDS if (folder / kind).is_dir()]
    return _by_kind(folder, kinds) if kinds else _flat(folder)


def _by_kind(folder: Path, kinds: Iterable[str]) -> Catalogue:
    """Catalogue `{kind}/{language}[.{set}].{split}.{ext}`; a set is a kind of its own."""
    contents: dict[Unit, Contents] = {}
    ignored: list[str] = []
    for task in kinds:
        for path in _files(folder / task):
            name = parse_name(path.name)
            if name is None:
                ignored.append(str(path))
                continue
            language, set_name, split = name
            languages = parse_languages(language, task=task, where=str(path))
            kind = task if set_name is None else f"{task}.{set_name}"
            _add(contents, Unit(kind, languages, split), path)
    return _filled(Catalogue(str(folder), _ordered(contents), tuple(ignored)))


def _flat(folder: Path) -> Catalogue:
    """Catalogue text files that lie side by side; a file without split is divided by us."""
    contents: dict[Unit, Contents] = {}
    ignored: list[str] = []
    for path in _files(folder):
        name = parse_name(path.name)
        if path.suffix != ".txt" or (name is None and "." in path.stem) or (name and name[1]):
            ignored.append(str(path))
            continue
        language, _, split = name or (path.stem, None, None)
        languages = parse_languages(language, task="text", where=str(path))
        for part in [split] if split else SPLITS:
            _add(contents, Unit("text", languages, part), path, share=None if split else part)
    return _filled(Catalogue(str(folder), _ordered(contents), tuple(ignored)))


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder in a fixed order, without hidden ones."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(
            expected="a folder that can be read",
            found=error.strerror or str(error),
            where=str(folder),
            next_step="Check its permissions.",
        ) from error
    return [path for path in found if path.is_file() and not path.name.startswith(".")]


def _add(
    contents: dict[Unit, Contents], unit: Unit, path: Path, *, share: str | None = None
) -> None:
    """Enter a file, unless another one already stands for the same unit."""
    there = contents.get(unit)
    if isinstance(there, FileContents):
        raise InputError(
            expected=f"one file for {unit}",
            found=f"{there.file.path.name} and {path.name}",
            where=str(path.parent),
            next_step="Remove one, or name it as another set: {language}.{set}.{split}.{ext}.",
        )
    contents[unit] = FileContents(SourceFile(path, "+".join(map(str, unit.languages))), share)


def _ordered(contents: dict[Unit, Contents]) -> dict[Unit, Contents]:
    """Order units by kind, set, language and split, whatever the file system's order is."""

    def rank(unit: Unit) -> tuple[int, str, str, int]:
        names = "+".join(map(str, unit.languages))
        return KINDS.index(unit.task), unit.kind, names, SPLITS.index(unit.split)

    return {unit: contents[unit] for unit in sorted(contents, key=rank)}


def _filled(catalogue: Catalogue) -> Catalogue:
    """Refuse a folder in which nothing was found."""
    if catalogue.contents:
        return catalogue
    others = ", ".join(Path(name).name for name in catalogue.ignored[:5]) or "nothing"
    raise InputError(
        expected="data files: {kind}/{language}[.{set}].{split}.{ext} with kind one of "
        f"{', '.join(KINDS)}; or {{language}}.{{train,dev,test}}.txt; or {{language}}.txt",
        found=others,
        where=catalogue.where,
        next_step="Rename the files, or describe your layout in a YAML mapping.",
    )
