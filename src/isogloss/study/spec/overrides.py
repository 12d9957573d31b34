"""Keys of a study that are set on the command line."""

from typing import Any

from isogloss.core import InputError, parse_yaml


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
