"""Placeholders of a mapping's patterns."""

import pytest

from isogloss.core import InputError, Language
from isogloss.data.sources.patterns import Pattern

ENGLISH, SWAHILI = Language.parse("en"), Language.parse("sw")


def pattern(local_name: str, *languages: Language) -> Pattern:
    return Pattern(languages or (SWAHILI,), local_name, "devtest", "x.yaml, text")


def test_placeholders_of_one_language() -> None:
    filled = pattern("kisw").fill("{language}/{code}_{script}/{iso639_1}.{split}")
    assert filled == "kisw/swa_Latn/sw.devtest"


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("en-sw", ("en", "sw")),
        ("eng_Latn-swh_Latn", ("eng_Latn", "swh_Latn")),
        ("eng-Latn-swa-Latn", ("eng-Latn", "swa-Latn")),
        ("src.eng-ref.swa", ("src.eng", "ref.swa")),
    ],
)
def test_the_two_sides_of_parallel_text(name: str, sides: tuple[str, str]) -> None:
    found = pattern(name, ENGLISH, SWAHILI)
    assert (found.fill("{side}", side=0), found.fill("{side}", side=1)) == sides
    assert found.fill("translation.{second}") == f"translation.{sides[1]}"


def test_what_stands_for_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="Found `side`"):
        pattern("sw").fill("{side}")
    with pytest.raises(InputError, match=r"Found `lang`.*Did you mean `language`"):
        pattern("sw").fill("{lang}")
    with pytest.raises(InputError, match="names of two languages"):
        pattern("a-b-c", ENGLISH, SWAHILI).fill("{first}")
    with pytest.raises(InputError, match="names of two languages"):
        pattern("ensw", ENGLISH, SWAHILI).fill("{first}")
