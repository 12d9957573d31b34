import pytest

from isogloss.study.methods import methods
from unit.study import toys


def test_what_was_done_can_be_read() -> None:
    text = methods(toys.spec(tasks=["pos"], match=["language", "total"], seeds=[3, 5]))
    for said in (
        *("Models (micro)", "30% of pieces", "one bpe vocabulary of 400 pieces"),
        *("4 rows of 24 pieces", "6 updates per language", "qaa-Latn + qab-Latn"),
        *("match: language and by match: total", "for pos (1 epochs", "Seeds: 3, 5"),
        "positive = hurt",
    ):
        assert said in text.replace("\u00a0", " "), said


def test_without_tasks() -> None:
    assert "No task was fine-tuned." in methods(toys.spec())


@pytest.mark.parametrize(("alpha", "level"), [(0.05, "95"), (0.01, "99"), (0.001, "99.9")])
def test_the_level_of_the_intervals_is_the_studys(alpha: float, level: str) -> None:
    text = methods(toys.spec(statistics={"alpha": alpha})).replace("\u00a0", " ")
    assert f"Intervals are {level} % t intervals" in text
