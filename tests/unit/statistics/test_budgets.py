import pytest

from isogloss.core import InputError
from isogloss.statistics import refuse_unequal_budgets


def test_equal_and_nearly_equal_budgets_pass() -> None:
    refuse_unequal_budgets({"eng-Latn": 1000, "swa-Latn": 500}, {"eng-Latn": 1010, "swa-Latn": 500})


def test_names_the_language_and_both_numbers() -> None:
    with pytest.raises(InputError) as caught:
        refuse_unequal_budgets(
            {"eng-Latn": 1000, "swa-Latn": 500}, {"eng-Latn": 1000, "swa-Latn": 600}
        )
    assert "swa-Latn" in str(caught.value)
    assert "500 and 600" in str(caught.value)


def test_a_language_on_one_side_only_is_refused() -> None:
    with pytest.raises(InputError, match="tel-Telu"):
        refuse_unequal_budgets({"eng-Latn": 1000, "tel-Telu": 3}, {"eng-Latn": 1000})


def test_tolerance_is_a_choice() -> None:
    refuse_unequal_budgets({"eng-Latn": 100}, {"eng-Latn": 104}, tolerance=0.05)
    with pytest.raises(InputError, match=r"0\.1%"):
        refuse_unequal_budgets({"eng-Latn": 1000}, {"eng-Latn": 1002}, tolerance=0.001)
