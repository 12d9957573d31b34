"""Study files before they are checked: bundled ones, profiles laid over them, keys that are set."""

from pathlib import Path
from typing import Any, Final, cast

from isogloss.core import InputError, closest, look_up, parse_yaml, read_yaml

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


def lay_profile(content: dict[str, Any], profile: str, where: str) -> dict[str, Any]:
    """Return a study's content with one of its profiles laid over it.

    Sections are merged key by key; a list or a number of the profile replaces that of the file.

    Args:
        content: of the study file; its key `profiles` maps names to contents.
        profile: the one to use, "" = none.
        where: the file, for messages.

    Raises:
        InputError: the profile is unknown, none is named where there are some, or they are not
            sections of keys and values.

    Example:
        >>> profiles = {"small": {"model": {"b": 3}}}
        >>> file = {"seeds": [0], "model": {"a": 1, "b": 2}, "profiles": profiles}
        >>> lay_profile(file, "small", "study.yaml")
        {'seeds': [0], 'model': {'a': 1, 'b': 3}}
    """
    profiles = content.get("profiles")
    rest = {key: value for key, value in content.items() if key != "profiles"}
    if profiles is None and not profile:
        return content if "profiles" not in content else rest
    known = cast("dict[str, Any]", profiles) if isinstance(profiles, dict) else {}
    if not all(isinstance(one, dict) for one in known.values()) or not known:
        raise InputError(
            expected="`profiles`: a name and its keys for each",
            found=f"--profile {profile}, and none in the file"
            if not known
            else "a profile without keys",
            where=where,
            next_step="docs/studies.md shows one; without profiles leave --profile out.",
        )
    if not profile:
        raise InputError(
            expected=f"one of the study's profiles: {', '.join(known)}",
            found="none",
            where=where,
            next_step=f"Add --profile {next(iter(known))}.",
        )
    return _merged(rest, look_up(known, profile, "profile"))


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `above` laid over `below`."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            merged[key] = _merged(cast("dict[str, Any]", under), cast("dict[str, Any]", value))
        else:
            merged[key] = value
    return merged


def apply_override(content: dict[str, Any], override: str) -> None:
    """Set one dotted key in the content of a study file, in place.

    Raises:
        InputError: no `key=value`, a value that is no YAML, or a key below one that has no keys.

    Example:
        >>> content = {"pretraining": {"updates": 2000}}
        >>> apply_override(content, "pretraining.updates=50")
        >>> content
        {'pretraining': {'updates': 50}}
    """
    key, equals, value = override.partition("=")
    if not equals or not all(key.split(".")):
        raise _no_override(override, "--set key.key=value")
    try:
        parsed = parse_yaml(value, where="--set")
    except InputError as error:
        raise _no_override(override, "a value that is YAML") from error
    *parents, last = key.split(".")
    for parent in parents:
        if content.get(parent) is None:
            content[parent] = {}
        if not isinstance(content[parent], dict):
            raise _no_override(override, f"keys below `{parent}`, which has none")
        content = content[parent]
    content[last] = parsed


def _no_override(override: str, expected: str) -> InputError:
    return InputError(
        expected=expected,
        found=f"`{override}`",
        where="--set",
        next_step="For example --set pretraining.updates=500, or --set 'seeds=[0, 1]'.",
    )
