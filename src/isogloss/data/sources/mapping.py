"""A user's own layout: a YAML file that says where each kind of data lies.

```yaml
aliases: {kiswahili: swa}                    # optional: own names of languages
text:
  files: "corpora/{language}.{split}.txt"    # beside the YAML file
  languages: [en, kiswahili]
ner:
  dataset: unimelb-nlp/wikiann               # or a folder of `save_to_disk`, or a Parquet file
  config: "{iso639_1}"
  languages: {eng: en, swa: sw}              # what `{language}` stands for, where it differs
  splits: {train: train, dev: validation, test: test}
ner.mine:                                    # a second set of the same kind
  files: "mine/{split}/{code}.txt"
  languages: [en]
  columns: {tokens: 2, tags: 3}              # by name, or by number from 1
  labels: {PERSON: PER}                      # theirs: ours
```
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language, parse_yaml
from isogloss.data.readers import SourceFile
from isogloss.data.sources.catalogue import Catalogue
from isogloss.data.sources.files import FileContents
from isogloss.data.sources.names import parse_languages
from isogloss.data.sources.patterns import Pattern
from isogloss.data.sources.protocol import KINDS, SPLITS, Contents, Unit
from isogloss.data.sources.rows import COLUMNS, RowContents
from isogloss.data.sources.section import (
    Form,
    Section,
    parse_section,
    refuse,
    refuse_without_effect,
    unknown,
)
from isogloss.data.sources.tables import BUILDERS, Table, is_table

# Columns that some data have beside those that all of the kind have.
_ALSO: Final = {"topic": ("pair",), "pos": ("sentence",), "ner": ("sentence",)}


def open_mapping(path: Path) -> Catalogue:
    """Return the catalogue of the data that a YAML file maps.

    Args:
        path: the YAML file.

    Raises:
        InputError: no valid YAML, an unknown key or one without effect, a language that is none
            or has no file, the same data under two names, aliases in a circle.
    """
    document = _document(path)
    aliases = _aliases(document.pop("aliases", None), str(path))
    contents: dict[Unit, Contents] = {}
    for kind, values in document.items():
        where = f"{path}, {kind}"
        if kind.partition(".")[0] not in KINDS:
            raise unknown(kind, ("aliases", *KINDS), where=str(path))
        section = parse_section(values, where)
        units = dict(_units(kind, section, aliases, path))
        _refuse_twice(units, where)
        contents.update(units)
    if not contents:
        raise refuse(str(path), f"data of at least one kind: {', '.join(KINDS)}", "none")
    return Catalogue(str(path), contents)


def _document(path: Path) -> dict[str, object]:
    """Parse the YAML file into kind -> whatever stands there."""
    text = "\n".join(line for _, line in SourceFile(path).lines())
    document = parse_yaml(text, where=str(path))
    if not isinstance(document, dict):
        raise refuse(str(path), "a YAML mapping from kinds to places", repr(document)[:60])
    return {str(kind): values for kind, values in document.items()}


def _aliases(values: object, where: str) -> dict[str, str]:
    """Check that every alias ends at a language."""
    if not isinstance(values, dict | None):
        raise refuse(f"{where}, aliases", "a mapping from aliases to languages", repr(values)[:60])
    names = {str(alias): str(target) for alias, target in (values or {}).items()}
    for alias in names:
        resolve_alias(alias, names, where)
    return names


def _units(
    kind: str, section: Section, aliases: Mapping[str, str], path: Path
) -> Iterator[tuple[Unit, Contents]]:
    """Yield every unit of one kind with its contents."""
    where = f"{path}, {kind}"
    task = kind.partition(".")[0]
    for column in section.columns:
        known = (*COLUMNS[task], *_ALSO.get(task, ()))
        if column not in known:
            raise unknown(column, known, where=f"{where}, columns")
    for name, local_name in section.languages.items():
        languages = _languages(name, task, aliases, where)
        found = False
        for split in SPLITS:
            theirs = section.divide or section.splits.get(split)
            if theirs is None:
                continue
            pattern = Pattern(languages, local_name, theirs, where)
            share = split if section.divide else None
            content = _contents(task, section, pattern, path.parent, share)
            if content is not None:
                found = True
                yield Unit(kind, languages, split), content
        if not found:
            raise refuse(where, f"files of `{name}` at `{section.files}`", "none")


def _languages(
    name: str, task: str, aliases: Mapping[str, str], where: str
) -> tuple[Language, ...]:
    if task == "parallel":
        return parse_languages(name, task=task, where=where)
    return (resolve_alias(name, aliases, where),)


def _refuse_twice(units: Mapping[Unit, Contents], where: str) -> None:
    """Refuse a mapping in which two languages or two splits are the same rows of the same file."""
    seen: dict[object, Unit] = {}
    for unit, content in units.items():
        first = seen.setdefault(content.origin(), unit)
        if first is not unit:
            raise refuse(
                where,
                "data of their own for each language and split: `{language}` and `{split}` in the "
                "pattern, a `prefix`, or only the splits that there are in `splits`",
                f"the same rows as {first} and as {unit}",
            )


def _contents(
    task: str, section: Section, pattern: Pattern, folder: Path, share: str | None
) -> Contents | None:
    """Return how to read one unit; None for a file that is not there."""
    language = "+".join(map(str, pattern.languages))
    columns = {
        key: pattern.fill(column) if isinstance(column, str) else column
        for key, column in section.columns.items()
    }
    prefix = (section.prefix[0], pattern.fill(section.prefix[1])) if section.prefix else None
    reading = section.reading(columns, prefix)
    if section.files is not None and "{side}" in section.files and task == "parallel":
        return _two_files(section, pattern, folder)
    place = _place(task, section, pattern, folder)
    if place is None:
        return None
    form, there = place
    refuse_without_effect(section, task, form, pattern.where)
    if isinstance(there, Path):
        return FileContents(SourceFile(there, language), share, reading)
    if "sentence" in columns:
        found = "`sentence` for rows, each of which is a sentence"
        raise refuse(f"{pattern.where}, columns", ", ".join(COLUMNS[task]), found)
    return RowContents(there, COLUMNS[task], language, reading, share)


def _place(
    task: str, section: Section, pattern: Pattern, folder: Path
) -> tuple[Form, Path | Table] | None:
    """Return the file, or the table of rows; None for a file that is not there."""
    if section.files is None:
        return _table(task, section, pattern, folder)
    path = folder / pattern.fill(section.files)
    if not path.is_file():
        return None
    if is_table(path, task):
        return "table", Table(str(path))
    return "plain", path


def _table(task: str, section: Section, pattern: Pattern, folder: Path) -> tuple[Form, Table]:
    """Return the place of the rows: a local folder or file where there is one, else the hub."""
    name = pattern.fill(section.dataset or "")
    local = folder / name
    looks_local = name.startswith((".", "/")) or Path(name).suffix in BUILDERS
    if looks_local and not local.exists():
        raise refuse(pattern.where, f"the data set `{name}` beside the YAML file", "nothing there")
    if local.is_file() and local.suffix not in BUILDERS:
        raise refuse(
            pattern.where,
            f"a data set of the hub, a saved one, or a file of {', '.join(BUILDERS)}",
            f"`dataset: {section.dataset}`; plain files are given with `files:`",
        )
    if local.exists():
        # One split alone, saved without a name, is the same whatever split is asked for.
        named = (local / "dataset_dict.json").is_file()
        form: Form = "table" if local.is_file() else "saved"
        return form, Table(str(local), pattern.split) if named else Table(str(local))
    streaming = (task == "text") if section.streaming is None else section.streaming
    table = Table(
        dataset=name,
        split=pattern.split,
        config=pattern.fill(section.config) if section.config else None,
        revision=section.revision,
        data_files=pattern.fill(section.data_files) if section.data_files else None,
        streaming=streaming,
    )
    return "hub", table


def _two_files(section: Section, pattern: Pattern, folder: Path) -> Contents | None:
    """Return parallel text whose sides lie in two files, line by line."""
    paths = [folder / pattern.fill(section.files or "", side=side) for side in (0, 1)]
    there = [path for path in paths if path.is_file()]
    if not there:
        return None
    if len(there) == 1:
        [absent] = set(paths) - set(there)
        raise refuse(pattern.where, f"the other side of {there[0].name}", f"no file {absent}")
    refuse_without_effect(section, "parallel", "sides", pattern.where)
    first, second = (
        SourceFile(path, str(language))
        for path, language in zip(paths, pattern.languages, strict=True)
    )
    return FileContents(first, None, section.reading({}, None), second)


def resolve_alias(name: str, aliases: Mapping[str, str], where: str) -> Language:
    """Follow `name` through `aliases` until it names a language.

    Args:
        name: an alias, or anything that `Language.parse` knows. An alias comes before a code.
        aliases: alias -> language or another alias.
        where: the file, for messages.

    Raises:
        InputError: the aliases lead in a circle, or end at something that is no language.

    Example:
        >>> str(resolve_alias("coast", {"coast": "kiswahili", "kiswahili": "sw"}, "data.yaml"))
        'swa-Latn'
    """
    path = [name]
    while path[-1] in aliases:
        path.append(aliases[path[-1]])
        if path[-1] in path[:-1]:
            circle = " -> ".join(path[path.index(path[-1]) :])
            raise InputError(
                expected="aliases that end at a language",
                found=f"a circle: {circle}",
                where=f"{where}, aliases",
                next_step=f"Let one of them name a language: `{path[-1]}: swa`.",
            )
    steps = f" (from {' -> '.join(path)})" if len(path) > 1 else ""
    return Language.parse(path[-1], where=f"{where}{steps}")
