"""Profiles: one study at several sizes, in one file."""

from typing import Any, cast

from isogloss.core import InputError, look_up


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
