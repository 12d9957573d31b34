import pytest

from isogloss.diagnosis import Standing, TaskStanding, destroyed, destroyed_by_task

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


CHANCE = {"en": 1.2, "sw": 1.0}


def finetuned(dev: float, train: float, retrieval: float | None) -> TaskStanding:
    """Return what fine-tuning left, losses as shares of chance."""
    losses = [{key: share * value for key, value in CHANCE.items()} for share in (dev, train)]
    pairs = {} if retrieval is None else {"en~sw": retrieval}
    return TaskStanding(losses[0], CHANCE, losses[1], CHANCE, pairs)


@pytest.mark.parametrize(
    ("dev", "train", "retrieval", "expected"),
    [
        (0.4, 0.2, 0.6, False),
        # Fine-tuning may lose most of retrieval and have learned its task.
        (0.4, 0.2, 0.2, False),
        # Nothing is left of the checkpoint: the task was learned without it.
        (0.8, 0.6, 0.01, True),
        (1.1, 1.02, 0.2, True),
        # Too few updates: nothing is learned yet, and nothing lost.
        (1.3, 1.2, 0.7, False),
        # Over-fitted: confident and wrong on dev examples, right on its own.
        (1.4, 0.1, 0.2, False),
        # Where nobody knows what it retrieves, the task alone decides.
        (1.4, 0.1, None, False),
        (1.0, 1.0, None, True),
    ],
)
def test_the_rule_of_a_task(
    dev: float, train: float, retrieval: float | None, expected: bool
) -> None:
    end = finetuned(dev, train, retrieval)
    assert destroyed_by_task({"en~sw": 0.76, "en~fr": 0.9}, end) is expected


def test_a_task_without_dev_examples_is_judged_by_its_own() -> None:
    end = TaskStanding({}, {}, {"en": 0.3}, {"en": 1.2}, {})
    assert destroyed_by_task({}, end) is False
    assert destroyed_by_task({"en~sw": 0.05}, end) is False
