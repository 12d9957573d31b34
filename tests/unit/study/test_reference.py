"""A study names the paper it is held against, or is told how."""

import pytest

from isogloss.core import InputError
from isogloss.study.reference import ReferenceEntry
from unit.study import toys


@pytest.mark.parametrize(
    ("written", "languages"),
    [
        ("wang2020", {}),
        ({"name": "wang2020"}, {}),
        ({"wang2020": None}, {}),
        ({"wang2020": {"fr_l": "qab"}}, {"fr_l": "qab-Latn"}),
        ({"name": "wang2020", "languages": {"te": "qaa"}}, {"te": "qaa-Latn"}),
    ],
)
def test_ways_to_write_it(written: object, languages: dict[str, str]) -> None:
    spec = toys.spec(reference=written)
    assert spec.reference == ReferenceEntry(name="wang2020", languages=languages)
    again = toys.spec(**spec.model_dump(mode="json"))
    assert again == spec, "what is written to spec.yaml can be run again"


def test_none_is_the_default() -> None:
    assert toys.spec().reference is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("wang2021", ("one of wang2020", "Did you mean `wang2020`?")),
        ({"wang2020": {"frl": "qab"}}, ("fr_l", "Did you mean `fr_l`?")),
        ({"wang2020": {"fr_l": "qac"}}, ("qaa-Latn, qab-Latn", "qac-Latn, for fr_l")),
        ({"wang2020": {"fr_l": "nowhere"}}, ("a language", "`nowhere`")),
        ({"wang2020": {"fr_l": "qab", "ru_l": "qab"}}, ("one name of the paper", "ru_l: qab-Latn")),
        ({"name": "wang2020", "language": {}}, ("name, languages", "`language`", "`languages`?")),
        (["wang2020"], ("keys with values",)),
    ],
)
def test_mistakes_are_explained(written: object, said: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        toys.spec(reference=written)
    for part in said:
        assert part in str(caught.value)
    assert "toys" in str(caught.value), "the file is named"
