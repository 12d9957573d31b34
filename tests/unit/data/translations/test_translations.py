"""The table of providers, the pair of a text with itself, and options that are checked."""

import pytest

from isogloss.core import InputError
from isogloss.data import ClassifiedText, DataWarning
from isogloss.data.translations import PROVIDERS, build_provider, translate_examples
from isogloss.data.translations.contract import Material, Wanted
from unit.data.translations.conftest import EN, wanted


def test_every_provider_is_known_by_its_name() -> None:
    assert all(kind.name == name and kind.what.endswith(".") for name, kind in PROVIDERS.items())


def test_a_text_is_its_own_translation_into_its_own_language(material: Material) -> None:
    examples = material.source.classified("nli", EN, "train")
    provider = build_provider({"provider": "parallel_labelled"})
    found = translate_examples(provider, examples, Wanted("nli", "test", EN, EN), material)
    assert [one.translation for one in found] == examples
    assert (str(found.provenance), found.is_oracle, found.skipped) == ("self", False, {})


def test_what_has_no_translation_is_counted_and_told(material: Material) -> None:
    stranger = ClassifiedText("Hello.", "Hi.", "neutral", "#9")
    examples = [*material.source.classified("nli", EN, "train"), stranger]
    provider = build_provider({"provider": "parallel_labelled"})
    with pytest.warns(DataWarning, match="1 of 4 examples have none"):
        found = translate_examples(provider, examples, wanted(), material)
    assert (len(found), found.skipped) == (3, {"no translation has its identifier": 1})


def test_no_example_is_no_translation(material: Material) -> None:
    provider = build_provider({"provider": "parallel_labelled"})
    with pytest.raises(InputError, match="at least one example to translate"):
        translate_examples(provider, list[ClassifiedText](), wanted(), material)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"provider": "google"}, "a provider of translations: one of"),
        ({}, "a provider of translations: one of"),
        ({"provider": "parallel_labelled", "tag": "gold"}, "Did you mean `tags`"),
        ({"provider": "parallel_labelled", "tags": "guessed"}, "'hidden' or 'gold' for `tags`"),
    ],
)
def test_settings_that_no_provider_has_are_refused(settings: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        build_provider(settings)
