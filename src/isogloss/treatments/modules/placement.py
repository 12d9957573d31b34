"""In which layers modules go and which languages share one: the options `layers` and `groups`."""

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf

from isogloss.core import InputError, Language, shown


def _read_layers(value: object) -> tuple[int, ...] | None:
    """Read numbers of layers, or a range with both ends, into ascending numbers."""
    if value is None:
        return None
    ends = re.fullmatch(r"(\d+)-(\d+)", value) if isinstance(value, str) else None
    if ends:
        layers = list(range(int(ends[1]), int(ends[2]) + 1))
    else:
        layers = list(value) if isinstance(value, list | tuple) else []
    # `true` is a number to Python.
    whole = all(type(layer) is int and layer >= 0 for layer in layers)
    if not layers or not whole or len(set(layers)) < len(layers):
        raise InputError(
            expected="`layers` as different numbers from 0, such as [0, 1], or as a range such as "
            "0-1, both ends included",
            found=shown(value),
            where="option `layers`",
            next_step="Leave `layers` out for all layers.",
        )
    return tuple(sorted(layers))


def _read_groups(value: object) -> tuple[tuple[Language, ...], ...] | None:
    """Read lists of languages; each language stands in one list."""
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not value or not all(map(_is_group, value)):
        raise InputError(
            expected="`groups` as lists of languages, such as [[en, fr], [ru]]",
            found=shown(value),
            where="option `groups`",
            next_step="Leave `groups` out for one module per language. YAML reads the code no as "
            'false: put it in quotes, as "no".',
        )
    groups = tuple(tuple(_language(member) for member in group) for group in value)
    members = [language for group in groups for language in group]
    twice = next((one for i, one in enumerate(members) if one in members[:i]), None)
    if twice is not None:
        raise InputError(
            expected="each language once in the `groups`",
            found=f"{twice} twice",
            where="option `groups`",
            next_step="Remove the repeated language (aliases count as the same).",
        )
    return groups


def _is_group(value: object) -> bool:
    if not isinstance(value, list | tuple) or not value:
        return False
    return all(isinstance(member, str | Language) for member in value)


def _language(member: str | Language) -> Language:
    return member if isinstance(member, Language) else Language.parse(member, where="`groups`")


Layers = Annotated[tuple[int, ...] | None, BeforeValidator(_read_layers)]
Groups = Annotated[
    tuple[tuple[InstanceOf[Language], ...], ...] | None, BeforeValidator(_read_groups)
]


def slots_of(groups: Groups, languages: Sequence[Language], *, treatment: str) -> tuple[int, ...]:
    """Return the slot of each language: one a language, or one a group.

    Slots are numbered as the languages come, so that the order of the groups changes no run.

    Args:
        groups: languages that share a module; those that the model does not learn are left out.
        languages: of the model.
        treatment: whose option it is, for messages.

    Raises:
        InputError: a language that is in no group, or one group of all: `shared_adapter` is the
            control that shares.

    Example:
        >>> en, fr, ru = map(Language.parse, ("en", "fr", "ru"))
        >>> slots_of(((ru,), (fr, en)), (en, fr, ru), treatment="language_ffn")
        (0, 0, 1)
    """
    if groups is None:
        return tuple(range(len(languages)))
    of_language = {language: group for group in groups for language in group}
    lost = [str(language) for language in languages if language not in of_language]
    if lost:
        raise InputError(
            expected=f"every language of {' + '.join(map(str, languages))} in the `groups`",
            found=f"no group with {', '.join(lost)}",
            where=f"treatments.{treatment}.groups",
            next_step=f"Add a group, if need be of one language: [{lost[0]}].",
        )
    present = list(dict.fromkeys(of_language[language] for language in languages))
    if len(present) == 1 and len(languages) > 1:
        raise InputError(
            expected="two `groups` or more among the languages that are learned together",
            found=f"one group of all: {', '.join(map(str, languages))}",
            where=f"treatments.{treatment}.groups",
            next_step="Divide it; a module that all languages share is `shared_adapter`.",
        )
    return tuple(present.index(of_language[language]) for language in languages)
