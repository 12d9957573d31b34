"""Has a model learned more than how frequent each piece is?"""

from typing import Final

# Small models stand for hundreds of updates at the loss of a unigram model before they begin to use
# context (docs/concepts). A tenth below that loss is far outside the noise of dev losses, which
# is below 0.02 nats on 48 windows, and is passed within few updates once the plateau is left.
PLATEAU_MARGIN: Final = 0.1


def left_plateau(dev_nats: float, unigram_nats: float, margin: float = PLATEAU_MARGIN) -> bool:
    """Return whether a masked-LM loss is clearly below that of a unigram model.

    Comparing two runs on different sides of the plateau measures the plateau, not interference.

    Args:
        dev_nats: loss on dev text, nats per masked piece.
        unigram_nats: cross-entropy of the training text's piece frequencies on the dev text.
        margin: share by which the loss must be lower.

    Example:
        >>> left_plateau(5.9, 6.0), left_plateau(4.1, 6.0)
        (False, True)
    """
    return dev_nats < (1 - margin) * unigram_nats
