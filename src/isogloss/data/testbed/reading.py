"""Reads a recipe from one line or from YAML, naming every mistake.

One line: relations separated by commas, each `relation[:strength][@sentences]`, for example
`base,clone,twin,conflict:0.8@500`. YAML: the same tree as the dataclasses of `recipe`.
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, cast

import yaml

from isogloss.core import InputError, look_up
from isogloss.data.testbed.lexicon import LexiconSize
from isogloss.data.testbed.recipe import (
    DEFAULT_RECIPE,
    LanguageRecipe,
    Recipe,
    SplitSizes,
    require_count,
)

_EXAMPLE: Final = "Write for example `base,clone,conflict:0.8@500`."


def read_recipe(source: "Recipe | Path | str") -> Recipe:
    """Return the recipe that `source` is, writes in one line, or names as a YAML file.

    Args:
        source: a `Recipe`, a path, or a string; a string that ends in .yaml or .yml is a path.

    Raises:
        InputError: there is no such file, it is not YAML, or it is not a recipe.
    """
    if isinstance(source, Recipe):
        return source
    if isinstance(source, str) and Path(source).suffix not in (".yaml", ".yml"):
        return parse_recipe(source)
    path = Path(source)
    try:
        tree: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            expected="a recipe in YAML",
            found=getattr(error, "strerror", None) or " ".join(str(error).split()),
            where=str(path),
            next_step=_EXAMPLE,
        ) from error
    return recipe_from_tree(_as_mapping(tree, str(path)))


def parse_recipe(line: str) -> Recipe:
    """Read a recipe from one line.

    Raises:
        InputError: an unknown relation (with "did you mean"), a bad strength or size.

    Example:
        >>> parse_recipe("base,conflict:0.8@500").languages[1]
        LanguageRecipe(relation='conflict', strength=0.8, sentences=500)
    """
    return Recipe(tuple(_parse_language(part.strip()) for part in line.split(",")))


def recipe_from_tree(tree: Mapping[str, object]) -> Recipe:
    """Read a recipe from nested mappings, as YAML gives them.

    Raises:
        InputError: an unknown key (with "did you mean"), a wrong type or value.
    """
    known = _known_keys(Recipe, tree, "recipe")
    languages = known.get("languages", DEFAULT_RECIPE)
    if isinstance(languages, str):
        languages = languages.split(",")
    return Recipe(
        languages=tuple(_language(item) for item in _as_list(languages)),
        lexicon=LexiconSize(**_numbers(LexiconSize, known.get("lexicon"), "recipe, lexicon")),
        sizes=SplitSizes(**_numbers(SplitSizes, known.get("sizes"), "recipe, sizes")),
    )


def _parse_language(text: str) -> LanguageRecipe:
    """One part of a recipe line: `relation[:strength][@sentences]`."""
    head, at, sentences = text.partition("@")
    relation, colon, strength = head.partition(":")
    try:
        return LanguageRecipe(
            relation=relation.strip(),
            strength=float(strength) if colon else None,
            sentences=int(sentences) if at else None,
        )
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            expected="relation[:strength][@sentences] with numbers",
            found=f"`{text}`",
            where="recipe",
            next_step=_EXAMPLE,
        ) from error


def _language(item: object) -> LanguageRecipe:
    if isinstance(item, str):
        return _parse_language(item.strip())
    known = _known_keys(LanguageRecipe, _as_mapping(item, "recipe, languages"), "recipe, languages")
    strength = known.get("strength")
    if isinstance(strength, bool) or not isinstance(strength, int | float | None):
        raise InputError(
            expected="a number as strength",
            found=f"{strength!r}",
            where="recipe, languages",
            next_step=_EXAMPLE,
        )
    return LanguageRecipe(str(known.get("relation", "")), strength, known.get("sentences"))


def _as_list(value: object) -> list[object]:
    if isinstance(value, list):
        return cast(list[object], value)
    raise InputError(
        expected="a list of languages",
        found=f"{value!r}",
        where="recipe, languages",
        next_step=_EXAMPLE,
    )


def _as_mapping(value: object, where: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return {str(key): item for key, item in cast(dict[object, Any], value).items()}
    raise InputError(
        expected="keys with values", found=f"{value!r}", where=where, next_step=_EXAMPLE
    )


def _known_keys(kind: type, tree: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The same tree, after every key was found among the fields of the dataclass `kind`."""
    names = {part.name: part for part in fields(kind)}
    for key in tree:
        look_up(names, key, f"key of {where}")
    return tree


def _numbers(kind: type, tree: object, where: str) -> dict[str, int]:
    """Keyword arguments of a dataclass of whole numbers."""
    known = _known_keys(kind, _as_mapping(tree or {}, where), where)
    for key, value in known.items():
        require_count(value, f"{where}.{key}", at_least=1)
    return dict(known)
