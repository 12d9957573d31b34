"""Aliases lead to a language or are refused."""

import pytest

from isogloss.core import InputError
from isogloss.data.sources.aliases import resolve_alias


def test_aliases_may_point_at_aliases() -> None:
    aliases = {"coast": "kiswahili", "kiswahili": "swa"}
    assert str(resolve_alias("coast", aliases, "x.yaml")) == "swa-Latn"
    assert str(resolve_alias("te", aliases, "x.yaml")) == "tel-Telu"


@pytest.mark.parametrize(
    ("aliases", "circle"),
    [
        ({"a": "b", "b": "c", "c": "a"}, "a -> b -> c -> a"),
        ({"a": "a"}, "a -> a"),
        ({"a": "b", "b": "c", "c": "b"}, "b -> c -> b"),
    ],
)
def test_a_circle_is_named(aliases: dict[str, str], circle: str) -> None:
    with pytest.raises(InputError, match=f"a circle: {circle}"):
        resolve_alias("a", aliases, "x.yaml")


def test_an_alias_of_no_language_is_refused_with_its_path() -> None:
    with pytest.raises(InputError, match=r"x\.yaml \(from a -> jap\).*Did you mean `jpn-Jpan`"):
        resolve_alias("a", {"a": "jap"}, "x.yaml")
