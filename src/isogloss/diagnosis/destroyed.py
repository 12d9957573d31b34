"""Has a training from a checkpoint destroyed what it started from?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# As of a control whose dev loss has risen again: beyond what a curve moves from one evaluation to
# the next. Both losses are of the same rows and masks.
LOSS_MARGIN: Final = 0.01
# Continued training at a usual rate costs retrieval 1 to 9 points of 76 and eight updates at 0.002
# leave half a point (docs/checkpoints.md): a half is far from both.
RETRIEVAL_SHARE: Final = 0.5
# Fine-tuning at a usual rate leaves most of it and may leave less than a half while the task is
# learned; updates at 0.002 leave nothing.
NOTHING_LEFT: Final = 0.1
# Below it a half says nothing: of 200 pairs chance finds one in 200, give or take a few.
LEAST_RETRIEVAL: Final = 0.1


@dataclass(frozen=True)
class Standing:
    """What a model can do, by language or by pair of languages.

    Attributes:
        nats: masked-LM loss on dev text, by language that the training reads.
        retrieval: share of translations found, by pair; empty where there is no parallel text.
    """

    nats: Mapping[str, float]
    retrieval: Mapping[str, float]

    @property
    def mean_nats(self) -> float | None:
        """Mean loss over the languages."""
        return _mean(self.nats)

    @property
    def mean_retrieval(self) -> float | None:
        """Mean retrieval over the pairs."""
        return _mean(self.retrieval)

    def over(self, other: "Standing") -> "Standing":
        """Return this standing on what another was measured on."""
        return Standing(
            {key: value for key, value in self.nats.items() if key in other.nats},
            {key: value for key, value in self.retrieval.items() if key in other.retrieval},
        )


def destroyed(start: Standing, end: Standing) -> bool | None:
    """Return whether training made a checkpoint worse than it was.

    It did where, in the mean over the languages that it read, the dev loss ends more than 1 % above
    that of the start: the training of which a verdict would speak has taught nothing. Or where
    retrieval of translations has fallen below half of the start's: then the encoder has lost what
    it brought, though the loss may fall, as it does under a head that is new. A single language
    that gets worse beside others is no destruction but what a study is there to measure.

    Args:
        start: of the checkpoint, on the same dev rows, masks and translations.
        end: of the trained model.

    Returns:
        None where neither was measured.

    Example:
        >>> destroyed(Standing({"en": 3.0}, {"en-sw": 0.8}), Standing({"en": 2.5}, {"en-sw": 0.1}))
        True
    """
    start = start.over(end)
    found: list[bool] = []
    if start.mean_nats is not None and end.mean_nats is not None:
        found.append(end.mean_nats > (1 + LOSS_MARGIN) * start.mean_nats)
    before, after = start.mean_retrieval, end.mean_retrieval
    if before is not None and after is not None and before >= LEAST_RETRIEVAL:
        found.append(after < RETRIEVAL_SHARE * before)
    return any(found) if found else None


@dataclass(frozen=True)
class TaskStanding:
    """What fine-tuning made of a checkpoint; losses in mean nats of a label, by language.

    Attributes:
        dev: loss on dev examples; empty where there are none.
        dev_chance: that of a guess which knows how frequent each class is, and reads no text.
        train: loss on examples that were trained on; empty where `dev` says enough.
        train_chance: that of the same guess on them.
        retrieval: share of translations that the encoder still finds, by pair.
    """

    dev: Mapping[str, float]
    dev_chance: Mapping[str, float]
    train: Mapping[str, float]
    train_chance: Mapping[str, float]
    retrieval: Mapping[str, float]

    @property
    def learned(self) -> bool:
        """Whether it predicts its task better than the guess, on dev or on its own examples.

        A classifier that has over-fitted may be worse than the guess on dev examples alone.
        """
        pairs = ((self.dev, self.dev_chance), (self.train, self.train_chance))
        means = ((_mean(loss), _mean(chance)) for loss, chance in pairs)
        return any(
            loss is not None and chance is not None and loss < (1 - LOSS_MARGIN) * chance
            for loss, chance in means
        )


def destroyed_by_task(start: Mapping[str, float], end: TaskStanding) -> bool:
    """Return whether fine-tuning destroyed the checkpoint that it started from.

    It did where retrieval of translations has fallen below a tenth of the start's: what the task
    knows then, it learned without the checkpoint. Or where the task is predicted no better than by
    the frequencies of its classes, and retrieval, if it was measured, has fallen below half. (Where
    it was not, a training too short to learn anything looks the same: neither bears a verdict.) The
    loss before training is not asked: the head was new, whatever the checkpoint knew.

    Args:
        start: share of translations that the checkpoint found, by pair; empty = not measured.
        end: of the fine-tuned model.

    Example:
        >>> end = TaskStanding({"en": 0.4}, {"en": 1.2}, {"en": 0.3}, {"en": 1.2}, {"en~sw": 0.4})
        >>> destroyed_by_task({"en~sw": 0.76}, end)
        False
    """
    both = start.keys() & end.retrieval.keys()
    before, after = (_mean({key: one[key] for key in both}) for one in (start, end.retrieval))
    if before is None or after is None or before < LEAST_RETRIEVAL:
        return not end.learned
    if after < NOTHING_LEFT * before:
        return True
    return after < RETRIEVAL_SHARE * before and not end.learned


def _mean(values: Mapping[str, float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values.values()) / len(values) if values else None
