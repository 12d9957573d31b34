"""Bundled studies: the study files that are part of the package, by name."""

from pathlib import Path
from typing import Any, Final, cast

from isogloss.core import InputError, closest, read_yaml

_FOLDER: Final = Path(__file__).parents[1] / "bundled"
_BROKEN: Final = "Install isogloss again: this file is part of it."


def bundled_studies() -> dict[str, dict[str, Any]]:
    """Return the content of each bundled study by its name."""
    return {
        path.stem: cast("dict[str, Any]", read_yaml(path, what="a study file", next_step=_BROKEN))
        for path in sorted(_FOLDER.glob("*.yaml"))
    }


def study_file(given: Path) -> Path:
    """Return the file that a study is read from: what was given, or a bundled study of that name.

    Args:
        given: a file, or the name of a bundled study. A file of that name comes first.

    Raises:
        InputError: there is no such file, and no bundled study is called so.
    """
    if given.is_file() or len(given.parts) != 1 or given.suffix:
        return given
    names = [path.stem for path in sorted(_FOLDER.glob("*.yaml"))]
    if str(given) in names:
        return _FOLDER / f"{given}.yaml"
    if given.is_dir():
        return given
    near = closest(str(given), names)
    raise InputError(
        expected=f"a study file (YAML), or a bundled study: {', '.join(names)}",
        found="no such file or study",
        where=str(given),
        next_step=f"Did you mean `{near}`?" if near else "`isogloss list studies` shows them.",
    )
