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


def _mean(values: Mapping[str, float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values.values()) / len(values) if values else None
