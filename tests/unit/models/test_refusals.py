import pytest
import torch

from isogloss.core import InputError, Language
from isogloss.models.refusals import distinct_languages, refuse_long_rows, refuse_second

TE, AD = (Language(code, "Latn") for code in ("te", "ad"))


def test_languages_come_back_in_their_order() -> None:
    assert distinct_languages([AD, TE]) == (AD, TE)


@pytest.mark.parametrize(("languages", "found"), [([], "none"), ([TE, AD, TE], "te-Latn, ad-Latn")])
def test_none_and_repetitions_are_refused(languages: list[Language], found: str) -> None:
    with pytest.raises(InputError, match=found):
        distinct_languages(languages)


def test_rows_as_long_as_the_model_pass_and_longer_ones_do_not() -> None:
    refuse_long_rows(torch.zeros(2, 8), 8)
    with pytest.raises(InputError, match=r"at most 8 tokens.*Found 9 tokens"):
        refuse_long_rows(torch.zeros(2, 9), 8)


def test_two_modules_in_one_place_are_refused() -> None:
    refuse_second("attention", 1, set())
    with pytest.raises(InputError, match=r"`attention`.*a second one in layer 1"):
        refuse_second("attention", 1, {"attn"})
