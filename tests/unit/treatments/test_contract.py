from dataclasses import dataclass
from typing import ClassVar

import pytest

from isogloss.core import InputError, Language
from isogloss.treatments import TREATMENTS
from isogloss.treatments.contract import (
    Citation,
    build,
    builds_on,
    citation,
    treatment_options,
)


@dataclass(frozen=True)
class Toy:
    """A treatment.

    Attributes:
        strength: how much.

    Reference:
        Doe, Roe. On Toys: a
        Story. 2020. https://example.org/toys

        @article{doe-2020-toys,
          title = {On Toys},
          year = {2020}
        }

    Note:
        Not part of it.
    """

    name: ClassVar[str] = "toy"

    strength: float = 0.5
    layers: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class WithoutOptions:
    """Nothing to set, nothing to cite."""

    name: ClassVar[str] = "bare"


@dataclass(frozen=True)
class WithoutBibtex:
    """Cites in words.

    Reference:
        Doe 2020. On Toys.
    """

    name: ClassVar[str] = "words"


class TestOptions:
    def test_values_are_turned_into_the_declared_types(self) -> None:
        built = build(Toy, {"strength": 1, "layers": [1, 2]})
        assert built == Toy(1.0, (1, 2))
        assert isinstance(built.strength, float), "0 and 0.0 must be one plan, with one address"
        assert treatment_options(built) == {"strength": 1.0, "layers": (1, 2)}

    def test_languages_are_written_as_text(self) -> None:
        pair = (Language.parse("te"), Language.parse("en"))
        assert treatment_options(Toy(layers=(pair, 1))) == {  # type: ignore[arg-type]
            "strength": 0.5,
            "layers": (("tel-Telu", "eng-Latn"), 1),
        }

    def test_defaults(self) -> None:
        assert build(Toy, {}) == Toy()
        assert build(WithoutOptions, {}) == WithoutOptions()

    def test_an_unknown_option_with_the_nearest(self) -> None:
        with pytest.raises(InputError) as refused:
            build(Toy, {"strenght": 1})
        assert refused.value.expected == "options of `toy`: strength, layers"
        assert refused.value.next_step == "Did you mean `strength`?"
        assert refused.value.where == "treatments.toy"

    def test_an_unknown_option_that_is_near_nothing(self) -> None:
        with pytest.raises(InputError, match="options of `bare`: none") as refused:
            build(WithoutOptions, {"xyz": 1})
        assert refused.value.next_step == "Remove the option."

    @pytest.mark.parametrize(
        ("options", "place"),
        [({"strength": "much"}, "strength"), ({"layers": [0, "top"]}, "layers.1")],
    )
    def test_a_value_of_the_wrong_type(self, options: dict[str, object], place: str) -> None:
        with pytest.raises(InputError, match=f"a usable value for `{place}`") as refused:
            build(Toy, options)
        assert "isogloss list treatments" in refused.value.next_step


class TestCitation:
    def test_out_of_the_docstring(self) -> None:
        assert citation(Toy) == Citation(
            key="doe-2020-toys",
            text="Doe, Roe. On Toys: a Story. 2020. https://example.org/toys",
            bibtex="@article{doe-2020-toys,\n  title = {On Toys},\n  year = {2020}\n}",
        )

    def test_without_reference(self) -> None:
        assert citation(WithoutOptions) is None

    def test_without_bibtex(self) -> None:
        assert citation(WithoutBibtex) == Citation("Doe 2020", "Doe 2020. On Toys.", "")


def test_what_a_treatment_builds_on_is_in_the_table_and_not_itself() -> None:
    found = {name: builds_on(kind) for name, kind in TREATMENTS.items()}
    assert found["meta_adapters"] == ("language_adapters",)
    assert found["sequential_reptile"] == ("single_language_batches", "lookahead")
    assert found["untreated"] == ()
    for name, parents in found.items():
        assert name not in parents and set(parents) <= set(TREATMENTS)
