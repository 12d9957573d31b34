"""pydantic's complaints become expected and found, in words that a user knows."""

import unicodedata
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from isogloss.core import InputError, first_complaint, is_switch, look_up, printable, shown
from isogloss.core.validation import Complaint


def _refuse(value: str) -> str:
    return look_up({"known": value}, value, "word")


def _fail(value: str) -> str:
    raise ValueError("No word of that kind")


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ratio: float = Field(0.5, gt=0, le=2, allow_inf_nan=False)


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: int = Field(1, ge=1)
    form: Literal["a", "b"] = "a"
    flag: bool = False
    rows: tuple[int, ...] = Field((1,), min_length=1)
    inner: Inner = Inner()
    word: Annotated[str, AfterValidator(_refuse)] = "known"
    other: Annotated[str, AfterValidator(_fail)] = "x"


def complaint(content: dict[str, object], model: type[BaseModel] = Outer) -> Complaint:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(content)
    return first_complaint(caught.value)


@pytest.mark.parametrize(
    ("content", "place", "expected", "found"),
    [
        ({"count": "many"}, "count", "a whole number", "`many`"),
        ({"count": 1.5}, "count", "a whole number", "`1.5`"),
        ({"count": 0}, "count", "a number of at least 1", "`0`"),
        ({"inner": {"ratio": 0}}, "inner.ratio", "a number above 0", "`0`"),
        ({"inner": {"ratio": 3}}, "inner.ratio", "a number of at most 2", "`3`"),
        ({"inner": {"ratio": "nan"}}, "inner.ratio", "a finite number", "`nan`"),
        ({"inner": 3}, "inner", "keys with values", "`3`"),
        ({"form": "c"}, "form", "'a' or 'b'", "`c`"),
        ({"flag": "maybe"}, "flag", "true or false", "`maybe`"),
        ({"rows": 3}, "rows", "a list, as [a, b]", "`3`"),
        ({"rows": []}, "rows", "a list of at least 1", "`[]`"),
        ({"rows": None}, "rows", "a list, as [a, b]", "nothing"),
        ({"other": "y"}, "other", "no word of that kind", "`y`"),
    ],
)
def test_words(content: dict[str, object], place: str, expected: str, found: str) -> None:
    first = complaint(content)
    assert (".".join(first.keys), first.expected, first.found) == (place, expected, found)
    assert not first.is_unknown_key


def test_a_misspelt_key_comes_before_the_one_that_is_missing() -> None:
    class Needs(BaseModel):
        model_config = ConfigDict(extra="forbid")

        mixtures: int

    assert complaint({"mixture": 1}, Needs).is_unknown_key
    assert complaint({}, Needs).expected == "the key `mixtures`"
    assert complaint({}, Needs).found == "nothing"


def test_errors_of_ours_come_through() -> None:
    cause = complaint({"word": "knwn"}).cause
    assert isinstance(cause, InputError)
    assert "Did you mean `known`?" in str(cause)


def test_long_values_are_shortened() -> None:
    assert shown("x" * 1000) == f"`{'x' * 60}...`"
    assert "quotes" in shown(True)


def test_only_the_beginning_of_a_large_value_is_made() -> None:
    many: list[object] = ["x"]
    for _ in range(40):  # 2 ** 40 values
        many = [many, many]
    assert shown(many).startswith("`[[[[")
    assert len(shown(many)) == 65
    assert shown({"a": [1, ("b", None)]}) == "`{'a': [1, ('b', None)]}`"
    assert shown(2**20_000) == "`a whole number of 20001 bits`"


@pytest.mark.parametrize(
    ("annotation", "value", "answer"),
    [
        (int, True, True),
        (float | None, False, True),
        (tuple[Annotated[int, Field(ge=0)], ...], [1, True], True),
        (dict[str, Annotated[float, Field(gt=0)]], {"a": True}, True),
        (Annotated[float, Field(gt=0)] | Literal["current"], True, True),
        (int, 1, False),
        (bool, True, False),
        (bool | int, True, False),
        (str, True, False),
        (Literal["a", "b"], True, False),
    ],
)
def test_a_switch_is_no_number(annotation: object, value: object, answer: bool) -> None:
    assert is_switch(annotation, value) is answer


def test_only_text_line_feeds_and_tabs_are_left() -> None:
    everything = "".join(map(chr, range(0x110000)))
    left = printable(everything)
    assert {one for one in left if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs")} == set(
        "\n\t"
    )
    assert not set(left) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    left.encode()  # halves of surrogates would not let it
    assert not set(printable(everything, one_line=True)) & set("\n\t")


def test_scripts_stay_as_they_are() -> None:
    # The joiners of Persian and Indic scripts are no controls.
    for text in ("می\u200cخواهم", "क्\u200dष", "తెలుగు", "👩\u200d💻", "a b\n\tc"):
        assert printable(text) == text


def test_what_was_there_can_be_read() -> None:
    assert printable("\x1b]0;own\x07\x9b2J\r\u202e") == r"\x1b]0;own\x07\x9b2J\r\u202e"
