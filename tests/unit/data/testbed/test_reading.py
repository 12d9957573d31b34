from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.testbed.reading import parse_recipe, read_recipe, recipe_from_tree
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes


def test_a_line_is_read() -> None:
    recipe = parse_recipe("base, clone ,conflict:0.8@500,twin@30")
    assert recipe.languages == (
        LanguageRecipe("base"),
        LanguageRecipe("clone"),
        LanguageRecipe("conflict", 0.8, 500),
        LanguageRecipe("twin", None, 30),
    )


_languages = st.one_of(
    st.builds(
        LanguageRecipe,
        st.sampled_from(["twin", "clone", "reordered", "unrelated"]),
        st.none(),
        st.none() | st.integers(1, 10**6),
    ),
    st.builds(
        LanguageRecipe,
        st.sampled_from(["conflict", "relexified"]),
        st.floats(0.01, 1.0),
        st.none() | st.integers(1, 10**6),
    ),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(_languages, max_size=8))
def test_yaml_gives_the_recipe_back(others: list[LanguageRecipe]) -> None:
    recipe = Recipe((LanguageRecipe("base"), *others), sizes=SplitSizes(dev=7))
    assert recipe_from_tree(yaml.safe_load(yaml.safe_dump(recipe.to_dict()))) == recipe


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bed.yaml"
    path.write_text("languages: [base, 'conflict:0.5']\nlexicon: {nouns: 50}\n", encoding="utf-8")
    for source in (path, str(path)):
        recipe = read_recipe(source)
        assert recipe.languages[1].strength == 0.5
        assert recipe.lexicon.nouns == 50
    assert read_recipe(recipe) is recipe


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("base,twim", "Did you mean `twin`"),
        ("base,conflict:much", "with numbers"),
        ("base,conflict@", "with numbers"),
        ("base,conflict@1.5", "with numbers"),
        ("base,,twin", "relation of a synthetic language"),
        ("", "relation of a synthetic language"),
        ("base,twin@-3", "whole number"),
    ],
)
def test_a_bad_line_is_refused(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_recipe(line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("langages: base", "Did you mean `languages`"),
        ("lexicon: {nouns: many}", "whole number"),
        ("lexicon: {noun: 40}", "Did you mean `nouns`"),
        ("lexicon: 3", "keys with values"),
        ("sizes: {test: true}", "whole number"),
        ("languages: 3", "a list of languages"),
        ("languages: [base, {relation: conflict, strengh: 1}]", "Did you mean `strength`"),
        ("languages: [base, {relation: conflict, strength: high}]", "a number as strength"),
        ("languages: [base, {relation: twin, sentences: few}]", "whole number"),
        ("[base", "a recipe in YAML"),
        ("base", "keys with values"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bed.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_recipe(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml"):
        read_recipe("nowhere.yaml")
