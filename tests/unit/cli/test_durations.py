import pytest

from isogloss.cli.durations import duration


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-3, "0 s"), (0.4, "0 s"), (59.4, "59 s"), (89, "1 min"), (3599, "1 h"), (7300, "2 h 2 min")],
)
def test_hours_are_hours_and_nothing_is_less_than_nothing(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_days() -> None:
    assert duration(86_400 * 3) == "3 d"
