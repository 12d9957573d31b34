"""Whose folder it is: a study writes into a new folder, an empty one, or its own."""

import json
from pathlib import Path
from typing import Any, Final

from isogloss.core import InputError, parse_yaml, write_atomically
from isogloss.study.spec.spec import StudySpec

_MARK: Final = ".study.json"


def refuse_foreign(folder: Path, spec: StudySpec) -> None:
    """Refuse a folder that holds anything but this study.

    A folder is a study's own where the study has the same name and a language in common: seeds,
    budgets, treatments and mixtures may change, their finished runs stay and are used again.
    Hidden files are nobody's: nothing of a study's has such a name but its own.

    Args:
        folder: that the study is about to write to.
        spec: of the study.

    Raises:
        InputError: there are other files, or another study.
    """
    if not folder.is_dir():
        return
    shown = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    owner = _owner(folder)
    if owner is None and not shown:
        return
    name, languages = owner or ("", set())
    if owner is not None and name in ("", spec.name) and languages & _codes(spec):
        return
    others = f"{', '.join(shown[:5])}{', ...' if len(shown) > 5 else ''}"
    raise InputError(
        expected=f"a new folder, an empty one, or the folder of the study `{spec.name}`",
        found=others if owner is None else f"the study `{name}` on {', '.join(sorted(languages))}",
        where=f"--out `{folder}`",
        next_step="Give another --out; nothing was written.",
    )


def mark(folder: Path, spec: StudySpec) -> None:
    """Note whose folder it is, before anything else is written.

    Raises:
        InputError: the folder cannot be written.
    """
    content = {"name": spec.name, "languages": sorted(_codes(spec))}
    write_atomically(folder / _MARK, json.dumps(content, ensure_ascii=False))


def _codes(spec: StudySpec) -> set[str]:
    return {str(language) for language in spec.languages}


def _owner(folder: Path) -> tuple[str, set[str]] | None:
    """Return name and languages of the study whose folder it is, or None.

    The mark may be damaged, and studies once had none: `spec.yaml` and `prepared/facts.json` say it
    too, where they are ours and not a file that a user put there.
    """
    spec = _read(folder / "spec.yaml")
    ours = spec if isinstance(spec.get("provenance"), dict) else {}
    facts = _read(folder / "prepared" / "facts.json").get("wanted")
    for content in (_read(folder / _MARK), ours, facts or {}):
        try:
            mixtures = content.get("mixtures", [])
            languages = content.get("languages", [one for mixture in mixtures for one in mixture])
            if languages:
                return str(content.get("name", "")), set(map(str, languages))
        except (AttributeError, TypeError):
            continue
    return None


def _read(path: Path) -> dict[str, Any]:
    """Return the keys and values of a file, none where it is absent or damaged."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix == ".json" else parse_yaml(text, where=str(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
