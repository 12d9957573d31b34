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
```
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import yaml

from isogloss.core import InputError, Language
from isogloss.data.readers import SourceFile
from isogloss.data.sources.aliases import resolve_alias
from isogloss.data.sources.catalogue import Catalogue
from isogloss.data.sources.files import FileContents
from isogloss.data.sources.names import parse_languages
from isogloss.data.sources.protocol import KINDS, SPLITS, Contents, Unit
from isogloss.data.sources.rows import COLUMNS, RowContents
from isogloss.data.sources.section import Section, parse_section, refuse, unknown
from isogloss.data.sources.tables import BUILDERS, Table

_FIELD: Final = re.compile(r"{([^{}]*)}")


def open_mapping(path: Path) -> Catalogue:
    """Return the catalogue of the data that a YAML file maps.

    Args:
        path: the YAML file.

    Raises:
        InputError: no valid YAML, an unknown key, a language that is none or has no file, aliases
            in a circle.
    """
    document = _document(path)
    aliases = _aliases(document.pop("aliases", None), str(path))
    contents: dict[Unit, Contents] = {}
    for kind, values in document.items():
        where = f"{path}, {kind}"
        if kind.partition(".")[0] not in KINDS:
            raise unknown(kind, ("aliases", *KINDS), where=str(path))
        section = parse_section(values, where)
        contents.update(_units(kind, section, aliases, path))
    if not contents:
        raise refuse(str(path), f"data of at least one kind: {', '.join(KINDS)}", "none")
    return Catalogue(str(path), contents)


def _document(path: Path) -> dict[str, object]:
    """Parse the YAML file into kind -> whatever stands there."""
    text = "\n".join(line for _, line in SourceFile(path).lines())
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            expected="YAML",
            found=str(getattr(error, "problem", None) or error),
            where=f"{path}, line {mark.line + 1}" if mark else str(path),
            next_step="Mend the line; patterns with braces need quotation marks.",
        ) from error
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
    _refuse_mismatch(task, section, where)
    for name, local_name in section.languages.items():
        languages = _languages(name, task, aliases, where)
        found = False
        for split in SPLITS:
            theirs = section.divide or section.splits.get(split)
            if theirs is None:
                continue
            fill = _Fill(languages, local_name, theirs, where)
            share = split if section.divide else None
            content = _contents(task, section, fill, path.parent, share)
            if content is not None:
                found = True
                yield Unit(kind, languages, split), content
        if not found:
            raise refuse(where, f"files of `{name}` at `{section.files}`", "none")


def _refuse_mismatch(task: str, section: Section, where: str) -> None:
    """Refuse keys that this kind of data has no use for."""
    for column in section.columns:
        if column not in COLUMNS[task]:
            raise unknown(column, tuple(COLUMNS[task]), where=f"{where}, columns")
    if section.divide and task != "text":
        raise refuse(where, "`divide` for text only", f"`divide` for {task}")


def _languages(
    name: str, task: str, aliases: Mapping[str, str], where: str
) -> tuple[Language, ...]:
    if task == "parallel":
        return parse_languages(name, task=task, where=where)
    return (resolve_alias(name, aliases, where),)


@dataclass(frozen=True)
class _Fill:
    """What the placeholders of a pattern stand for."""

    languages: tuple[Language, ...]
    local_name: str
    split: str
    where: str

    def __call__(self, pattern: str) -> str:
        language = self.languages[0]
        values = {
            "language": self.local_name,
            "code": language.code,
            "script": language.script,
            "iso639_1": language.iso639_1 or language.code,
            "split": self.split,
        }
        for name in cast("list[str]", _FIELD.findall(pattern)):
            if name not in values:
                raise unknown(name, tuple(values), where=f"{self.where}, `{pattern}`")
        return _FIELD.sub(lambda match: values[match[1]], pattern)


def _contents(
    task: str, section: Section, fill: _Fill, folder: Path, share: str | None
) -> Contents | None:
    """Return how to read one unit; None for a file that is not there."""
    language = "+".join(map(str, fill.languages))
    table = None
    if section.files is None:
        table = _table(task, section, fill, folder)
    else:
        path = folder / fill(section.files)
        if not path.is_file():
            return None
        if path.suffix not in BUILDERS or task == "qa":
            return FileContents(SourceFile(path, language), share)
        table = Table(str(path), limit=section.limit)
    columns = {**COLUMNS[task], **section.columns}
    return RowContents(table, columns, language, tuple(section.labels), share)


def _table(task: str, section: Section, fill: _Fill, folder: Path) -> Table:
    """Return the place of the rows: a local folder or file where there is one, else the hub."""
    name = fill(section.dataset or "")
    local = folder / name
    looks_local = name.startswith((".", "/")) or Path(name).suffix in BUILDERS
    if looks_local and not local.exists():
        raise refuse(fill.where, f"the data set `{name}` beside the YAML file", "nothing there")
    return Table(
        dataset=str(local) if local.exists() else name,
        split=fill.split,
        config=fill(section.config) if section.config else None,
        revision=section.revision,
        data_files=fill(section.data_files) if section.data_files else None,
        streaming=(task == "text") if section.streaming is None else section.streaming,
        limit=section.limit,
        prefix=(section.prefix[0], fill(section.prefix[1])) if section.prefix else None,
    )
