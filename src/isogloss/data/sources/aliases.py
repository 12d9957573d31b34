"""A user's own names for languages."""

from collections.abc import Mapping

from isogloss.core import InputError, Language


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
