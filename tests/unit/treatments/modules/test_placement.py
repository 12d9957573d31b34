import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import toys
from isogloss.core import InputError, Language
from isogloss.treatments import build_treatment
from isogloss.treatments.modules.placement import Groups, Layers, slots_of

EN, FR, RU, TE = (Language.parse(code) for code in ("en", "fr", "ru", "te"))
MODULES = ("language_ffn", "language_attention", "language_layer_norm", "language_adapters")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (None, None),
        ([0], (0,)),
        ([2, 0], (0, 2)),
        ((1,), (1,)),
        ("0-1", (0, 1)),
        ("2-2", (2,)),
        ("8-11", (8, 9, 10, 11)),
    ],
)
def test_layers_are_numbers_or_a_range(written: object, read: object) -> None:
    assert TypeAdapter(Layers).validate_python(written) == read


@pytest.mark.parametrize(
    "written",
    [[], "", "1-0", "0-", "-1", "0-1-2", "all", 1, 1.0, True, [-1], [0, 0], [0.0], ["0"], [True]],
)
@pytest.mark.parametrize("name", [*MODULES, "shared_adapter"])
def test_other_layers_are_refused_at_the_door(name: str, written: object) -> None:
    with pytest.raises(InputError, match="`layers`"):
        build_treatment(name, {"layers": written})


def test_groups_are_lists_of_languages_by_any_of_their_names() -> None:
    read = TypeAdapter(Groups).validate_python([["en", "French"], ["rus-Cyrl"]])
    assert read == ((EN, FR), (RU,))
    assert TypeAdapter(Groups).validate_python(read) == read
    assert TypeAdapter(Groups).validate_python(None) is None


@pytest.mark.parametrize(
    "written",
    [[], [[]], "en", ["en", "fr"], [["en"], []], [["en", False]], [[1]], {"a": ["en"]}, 3],
)
@pytest.mark.parametrize("name", MODULES)
def test_other_groups_are_refused_at_the_door(name: str, written: object) -> None:
    with pytest.raises(InputError, match="`groups` as lists of languages"):
        build_treatment(name, {"groups": written})


@pytest.mark.parametrize("written", [[["en", "fr"], ["eng"]], [["te", "Telugu"]]])
def test_a_language_named_twice_is_refused_at_the_door(written: object) -> None:
    with pytest.raises(InputError, match=r"each language once in the `groups`\. Found (eng|tel)-"):
        build_treatment("language_ffn", {"groups": written})


def test_a_code_that_is_no_language_is_refused_at_the_door() -> None:
    with pytest.raises(InputError, match=r"Found `jap`\. Where: `groups`\. Did you mean `jpn-J"):
        build_treatment("language_ffn", {"groups": [["en", "jap"]]})


def test_one_slot_a_language_without_groups() -> None:
    assert slots_of(None, (EN, FR, RU), treatment="language_ffn") == (0, 1, 2)
    assert slots_of(None, (EN,), treatment="language_ffn") == (0,)


def test_one_slot_a_group() -> None:
    groups = ((EN, RU), (FR,))
    assert slots_of(groups, (EN, FR, RU), treatment="language_ffn") == (0, 1, 0)
    assert slots_of(groups, (FR, EN), treatment="language_ffn") == (0, 1), "other mixtures"
    assert slots_of(groups, (FR,), treatment="language_ffn") == (0,)


@settings(deadline=None)
@given(st.permutations([(EN, RU), (FR,), (TE,)]), st.permutations([EN, FR, RU, TE]))
def test_how_the_groups_are_written_changes_no_run(
    groups: list[tuple[Language, ...]], languages: list[Language]
) -> None:
    slots = slots_of(tuple(group[::-1] for group in groups), languages, treatment="language_ffn")
    assert slots == slots_of(((EN, RU), (FR,), (TE,)), languages, treatment="language_ffn")
    assert list(dict.fromkeys(slots)) == [0, 1, 2]
    for (first, one), (second, two) in itertools.combinations(
        zip(slots, languages, strict=True), 2
    ):
        assert (first == second) == ({one, two} == {EN, RU})


@pytest.mark.parametrize("name", MODULES)
def test_a_language_without_a_group_is_refused(name: str) -> None:
    """Codes that are parts of names count by identity: `te` is in no group here."""
    treatment = build_treatment(name, {"groups": [["en", "sw"], ["fr"]]})
    with pytest.raises(InputError, match="no group with te-Latn, ad-Latn, er-Latn") as refused:
        treatment.apply(toys.plan(toys.HOSTILE))
    assert refused.value.where == f"treatments.{name}.groups"


@pytest.mark.parametrize("name", MODULES)
def test_one_group_of_all_is_refused(name: str) -> None:
    treatment = build_treatment(name, {"groups": [["en", "sw", "fr"]]})
    with pytest.raises(InputError, match="`shared_adapter`"):
        treatment.apply(toys.plan())


@pytest.mark.parametrize("name", MODULES)
def test_layers_and_groups_reach_the_plan(name: str) -> None:
    options = {"groups": [["en", "sw"], ["fr"]], "layers": "0-1"}
    languages = (*toys.PAIR, FR)
    [spec] = build_treatment(name, options).apply(toys.plan(languages)).modules
    assert (spec.slots, spec.layers) == ((0, 0, 1), (0, 1))
