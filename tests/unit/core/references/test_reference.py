"""The numbers of papers, and the words that find them."""

import dataclasses

import pytest

from isogloss.core import REFERENCES, SETTINGS, Language, Reference


@pytest.fixture(params=list(REFERENCES))
def reference(request: pytest.FixtureRequest) -> Reference:
    return REFERENCES[request.param]


def test_the_table_names_each_by_its_name(reference: Reference) -> None:
    assert REFERENCES[reference.name] is reference
    assert reference.key in reference.bibtex
    assert "http" in reference.text


def test_scores_are_fractions_in_our_words(reference: Reference) -> None:
    ours = set(reference.metrics.values())
    for (_, task, metric, setting, _), value in reference.scores.items():
        assert (task, metric) in ours
        assert setting in SETTINGS
        assert 0.0 < value < 1.0


def test_each_row_that_we_map_has_numbers(reference: Reference) -> None:
    published = {model for model, *_ in reference.scores}
    if not reference.file:
        assert not published
        assert reference.claim, "without numbers there is a claim"
        return
    for model in reference.models:
        assert model.name in published
    for pair in reference.comparisons:
        assert {reference.model(name).name for name in pair} == set(pair)


def test_each_language_of_the_tables_can_be_found_in_a_study(reference: Reference) -> None:
    columns = {language for *_, language in reference.scores} - {"avg"}
    assert columns <= set(reference.languages) | set(reference.samples)
    assert set(reference.samples.values()) <= set(reference.languages)
    for code, ours in reference.languages.items():
        assert str(Language.parse(code)) == ours


def test_who_learns_together(reference: Reference) -> None:
    first = reference.models[0]
    pair = dataclasses.replace(first, company=("en",))
    assert pair.learned("te") == ("en", "te")
    triple = dataclasses.replace(pair, third={"te": "kn"})
    assert triple.learned("te") == ("en", "te", "kn")
    assert triple.learned("ar") == (), "the paper has no such model"


def test_a_sample_of_a_language_stands_for_the_papers() -> None:
    reference = REFERENCES["wang2020"]
    assert reference.in_study(["fra-Latn"]) == dict(reference.languages)
    found = reference.in_study(["fra-Latn", "fra-Latn-x-low", "fra-Latn-x-more", "tel-Telu-x-low"])
    assert found == {**reference.languages, "fr_l": "fra-Latn-x-low"}
