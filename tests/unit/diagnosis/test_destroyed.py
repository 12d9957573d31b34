import pytest

from isogloss.diagnosis import Standing, destroyed

START = Standing({"en": 3.0, "sw": 4.0}, {"en~sw": 0.76, "en~fr": 0.9})


@pytest.mark.parametrize(
    ("nats", "retrieval", "expected"),
    [
        ({"en": 2.8, "sw": 3.7}, {"en~sw": 0.7, "en~fr": 0.88}, False),
        ({"en": 3.2, "sw": 4.0}, {"en~sw": 0.7, "en~fr": 0.88}, True),
        # The loss falls under a new head while the encoder is lost.
        ({"en": 2.0, "sw": 2.0}, {"en~sw": 0.005, "en~fr": 0.01}, True),
        # One language pays for another: what a study is there to measure.
        ({"en": 2.0, "sw": 4.5}, {}, False),
        # Within 1 %.
        ({"en": 3.02, "sw": 4.04}, {}, False),
    ],
)
def test_the_rule(nats: dict[str, float], retrieval: dict[str, float], expected: bool) -> None:
    assert destroyed(START, Standing(nats, retrieval)) is expected


def test_only_what_both_were_measured_on_counts() -> None:
    """A monolingual model is held against its own language and pairs."""
    assert destroyed(START, Standing({"en": 3.5}, {})) is True
    assert destroyed(START, Standing({"en": 2.9}, {"en~fr": 0.5})) is False
    assert destroyed(START, Standing({}, {})) is None


def test_retrieval_near_chance_says_nothing() -> None:
    start = Standing({"en": 3.0}, {"en~sw": 0.06})
    assert destroyed(start, Standing({"en": 2.9}, {"en~sw": 0.0})) is False
    assert destroyed(start, Standing({"en": 3.2}, {"en~sw": 0.0})) is True
