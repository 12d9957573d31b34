"""The language that a benchmark's task is in, from its name or from a mapping."""

import csv
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language, closest, known_languages, read_yaml

# What stands between the parts of a name: `lighteval|xnli_swa_mcf|0`, `global_mmlu_fr:anatomy`.
_APART: Final = re.compile(r"[|:/.\s]+")
_PARTS: Final = re.compile(r"[_-]+")
_SCRIPT: Final = re.compile(r"[A-Z][a-z]{3}")
_CODE_LENGTHS: Final = (2, 3)
_SKIP: Final = "-"


def language_of_task(name: str) -> Language | None:
    """Return the language in a task's name; None where there is none, or more than one.

    A code with a script (`swh_Latn`) counts wherever it stands, a bare code of two or three letters
    where the table of languages has it: last in the name first, then anywhere but at its start.

    Args:
        name: as a harness writes it.

    Example:
        >>> [str(language_of_task(one)) for one in ("belebele_swh_Latn", "xnli_sw", "mgsm_german")]
        ['swa-Latn', 'swa-Latn', 'deu-Latn']
        >>> str(language_of_task("global_mmlu_fr_business")), language_of_task("arc_easy")
        ('fra-Latn', None)
    """
    words = [word for word in _APART.split(name) if word]
    found = [_in_word(_PARTS.split(word)) for word in words]
    languages = dict.fromkeys(language for language in found if language is not None)
    return next(iter(languages)) if len(languages) == 1 else None


def _in_word(parts: list[str]) -> Language | None:
    pairs = [
        language
        for code, script in pairwise(parts)
        if _SCRIPT.fullmatch(script) and (language := _parsed(f"{code}_{script}"))
    ]
    if pairs:
        return pairs[0] if len(set(pairs)) == 1 else None
    if len(parts) > 1 and (last := _bare(parts[-1])):
        return last
    inside = {language for part in parts[1:] if (language := _bare(part))}
    return inside.pop() if len(inside) == 1 else None


def _bare(part: str) -> Language | None:
    """Return the language of a code or name alone; rare codes are words more often."""
    known = {one.code for one in known_languages()}
    language = _parsed(part)
    if language is None or language.code not in known:
        return None
    if len(part) in _CODE_LENGTHS or part.lower() == language.name.lower():
        return language
    return None


def _parsed(text: str) -> Language | None:
    try:
        return Language.parse(text)
    except InputError:
        return None


def read_mapping(path: Path) -> dict[str, str]:
    """Read a mapping from tasks to languages.

    Args:
        path: a YAML file of `task: language`, or a CSV file with the columns `task` and
            `language`; a language of `-` leaves the task out.

    Raises:
        InputError: the file is missing, or is no such mapping.
    """
    if not path.is_file():
        raise _no_mapping(path, "no such file")
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or not {"task", "language"} <= set(rows[0]):
            raise _no_mapping(path, "no columns of these names")
        return {row["task"]: row["language"] for row in rows}
    step = "A line is for example `arc_easy: en`."
    content = read_yaml(path, what="a mapping from tasks to languages", next_step=step)
    if not isinstance(content, Mapping) or not content:
        raise _no_mapping(path, "something else")
    return {str(task): str(language) for task, language in content.items()}


def _no_mapping(path: Path, found: str) -> InputError:
    return InputError(
        expected="a YAML file of `task: language`, or a CSV file with the columns task, language",
        found=found,
        where=f"--languages `{path}`",
        next_step="A line is for example `arc_easy: en`; `arc_easy: '-'` leaves a task out.",
    )


def languages_of(
    tasks: Iterable[str], mapping: Mapping[str, str], where: str
) -> dict[str, str | None]:
    """Return the language of each task; None for one that the mapping leaves out.

    Args:
        tasks: names.
        mapping: from tasks to languages; goes before the name.
        where: the file, for the message.

    Raises:
        InputError: a task's language is in neither, or the mapping names no task.
    """
    names = list(tasks)
    found: dict[str, str | None] = {}
    unknown: list[str] = []
    for task in names:
        given = mapping.get(task)
        if given is not None and given.strip() == _SKIP:
            found[task] = None
            continue
        named = given and Language.parse(given, where=f"--languages, {task}")
        language = named or language_of_task(task)
        if language is None:
            unknown.append(task)
        found[task] = str(language)
    if unknown:
        near = next((one for task in unknown if (one := closest(task, list(mapping)))), None)
        raise InputError(
            expected="a language for each task: a column `language`, a task named like "
            "belebele_swh_Latn or xnli_sw, or a mapping",
            found=f"none for {_few(unknown)}",
            where=where,
            next_step="Give --languages FILE, a YAML file with a line `task: language` for each "
            "(`-` leaves it out)." + (f" The mapping has `{near}`." if near else ""),
        )
    return found


def _few(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5:,} more"
