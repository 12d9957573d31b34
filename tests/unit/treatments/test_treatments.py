import pytest

from isogloss.core import InputError
from isogloss.treatments import TREATMENTS, LanguageAdapters, Temperature, build_treatment


def test_the_table_is_keyed_by_the_names() -> None:
    assert {kind.name: kind for kind in TREATMENTS.values()} == TREATMENTS
    assert list(TREATMENTS)[:2] == ["monolingual", "untreated"], "the controls come first"


def test_by_name_and_options() -> None:
    assert build_treatment("language_adapters", {"bottleneck": 8}) == LanguageAdapters(8)
    assert build_treatment("temperature", {"exponents": [1]}) == Temperature((1.0,))


def test_an_unknown_name_is_met_with_the_nearest_and_the_list() -> None:
    with pytest.raises(InputError, match="Did you mean `temperature`") as refused:
        build_treatment("temprature", {})
    assert all(name in refused.value.expected for name in TREATMENTS)
