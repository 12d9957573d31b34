"""Folders of files: one folder per kind, plain text without kinds, or one folder per split."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language
from isogloss.data.readers import SourceFile
from isogloss.data.sources.catalogue import Catalogue
from isogloss.data.sources.files import FileContents
from isogloss.data.sources.names import parse_languages, parse_name, parse_split
from isogloss.data.sources.protocol import KINDS, NO_LANGUAGE, SPLITS, Contents, Unit
from isogloss.data.sources.rows import COLUMNS, RowContents
from isogloss.data.sources.tables import Table, is_table

_NO_LAYOUT: Final = "its name does not follow the layout; it was passed over"


def open_folder(folder: Path) -> Catalogue:
    """Return the catalogue of a folder, laid out by kind if it has a folder named as a kind.

    A file whose name is no language is passed over, and named in `ignored`.

    Args:
        folder: `{kind}/{language}[.{set}].{split}.{ext}`, or `{language}.{split}.txt`, or
            `{language}.txt` (one file per language, divided by us), or `{split}/{language}.{ext}`
            (text, as FLORES lies).

    Raises:
        InputError: no data in it, no name that is a language, or two files for one thing.
    """
    kinds = [kind for kind in KINDS if (folder / kind).is_dir()]
    finds = _Finds(folder)
    if kinds:
        _by_kind(finds, kinds)
    else:
        _flat(finds)
        if not finds.contents and not finds.errors:
            _by_split(finds)
    return finds.catalogue()


@dataclass
class _Finds:
    """What was found in a folder so far."""

    folder: Path
    contents: dict[Unit, Contents] = field(default_factory=dict[Unit, Contents])
    ignored: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, InputError] = field(default_factory=dict[str, InputError])
    sides: dict[Unit, dict[int, Path]] = field(default_factory=dict[Unit, dict[int, Path]])

    def languages(self, text: str, path: Path, task: str = "text") -> tuple[Language, ...] | None:
        """Return what the name names; None for no language, which one file must not hide all by."""
        try:
            return parse_languages(text, task=task, where=str(path))
        except InputError as error:
            self.errors[str(path)] = error
            return None

    def add(self, unit: Unit, path: Path, *, share: str | None = None) -> None:
        """Enter a file, unless another one already stands for the same unit."""
        there = self.contents.get(unit)
        language = "+".join(map(str, unit.languages))
        if there is not None:
            raise InputError(
                expected=f"one file for {unit}",
                found=f"{_name(there)} and {path.name}",
                where=str(path.parent),
                next_step="Remove one, or name it as another set: {language}.{set}.{split}.{ext}.",
            )
        if is_table(path, unit.task):
            self.contents[unit] = RowContents(Table(str(path)), COLUMNS[unit.task], language)
        else:
            self.contents[unit] = FileContents(SourceFile(path, language), share)

    def add_side(self, unit: Unit, path: Path) -> bool:
        """Enter one side of parallel text, if the ending of its name names one of the languages."""
        try:
            side = unit.languages.index(Language.parse(path.suffix[1:]))
        except (InputError, ValueError):
            return False
        self.sides.setdefault(unit, {})[side] = path
        return True

    def catalogue(self) -> Catalogue:
        """Return everything, or refuse a folder in which nothing was found."""
        for unit, paths in self.sides.items():
            self._join(unit, paths)
        if not self.contents and self.errors:
            raise next(iter(self.errors.values()))
        languages = sorted({str(one) for unit in self.contents for one in unit.languages})
        shown = ", ".join(languages[:8]) + (" and others" if len(languages) > 8 else "")
        ignored = dict(self.ignored)
        for path, error in self.errors.items():
            hint = error.next_step.partition("?")
            meant = f" {hint[0]}?" if hint[1] else ""
            ignored[path] = (
                f"{NO_LANGUAGE}: {error.found}.{meant} The languages that are there: {shown}"
            )
        return _filled(Catalogue(str(self.folder), _ordered(self.contents), ignored))

    def _join(self, unit: Unit, paths: dict[int, Path]) -> None:
        """Join the two files of parallel text."""
        [(_, path), *_] = paths.items()
        if len(paths) == 1:
            [absent] = {0, 1} - set(paths)
            raise InputError(
                expected=f"a file for each side of {unit}",
                found=f"{path.name} alone",
                where=str(path.parent),
                next_step=f"Add the file of {unit.languages[absent]}, or give both sides in one "
                "file: {first}-{second}.{split}.tsv.",
            )
        if unit in self.contents:
            self.add(unit, path)
        first, second = (SourceFile(paths[n], str(unit.languages[n])) for n in (0, 1))
        self.contents[unit] = FileContents(first, second=second)


def _by_kind(finds: _Finds, kinds: Iterable[str]) -> None:
    """Find `{kind}/{language}[.{set}].{split}.{ext}`; a set is a kind of its own."""
    for task in kinds:
        for path in _files(finds.folder / task):
            name = parse_name(path.name)
            if name is None:
                finds.ignored[str(path)] = _NO_LAYOUT
                continue
            language, set_name, split = name
            languages = finds.languages(language, path, task)
            if languages is None:
                continue
            kind = task if set_name is None else f"{task}.{set_name}"
            unit = Unit(kind, languages, split)
            if task != "parallel" or not finds.add_side(unit, path):
                finds.add(unit, path)


def _flat(finds: _Finds) -> None:
    """Find text files that lie side by side; a file without split is divided by us."""
    for path in _files(finds.folder):
        name = parse_name(path.name)
        if path.suffix != ".txt" or (name is None and "." in path.stem) or (name and name[1]):
            finds.ignored[str(path)] = _NO_LAYOUT
            continue
        language, _, split = name or (path.stem, None, None)
        languages = finds.languages(language, path)
        for part in [split] if split else SPLITS:
            if languages is not None:
                share = None if split else part
                finds.add(Unit("text", languages, part), path, share=share)


def _by_split(finds: _Finds) -> None:
    """Find text in a folder per split: `devtest/eng_Latn.devtest`, `train/en.txt`."""
    for folder in sorted(path for path in finds.folder.iterdir() if path.is_dir()):
        split = parse_split(folder.name)
        for path in _files(folder) if split else []:
            if path.suffix not in {".txt", f".{folder.name}"} or "." in path.stem:
                finds.ignored[str(path)] = _NO_LAYOUT
                continue
            languages = finds.languages(path.stem, path)
            if languages is not None and split is not None:
                finds.add(Unit("text", languages, split), path)


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


def _name(contents: Contents) -> str:
    """Return the name of the file that stands for a unit."""
    if isinstance(contents, FileContents):
        return contents.file.path.name
    return Path(contents.table.dataset).name if isinstance(contents, RowContents) else "another"


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
    others = ", ".join(Path(name).name for name in list(catalogue.ignored)[:5]) or "nothing"
    raise InputError(
        expected="data files: {kind}/{language}[.{set}].{split}.{ext} with kind one of "
        f"{', '.join(KINDS)}; or {{language}}.{{train,dev,test}}.txt; or {{language}}.txt; or "
        "{split}/{language}.txt",
        found=others,
        where=catalogue.where,
        next_step="Rename the files, or describe your layout in a YAML mapping.",
    )
