"""How much work a training is, counted from the shape of its model: operations, time, memory."""

from dataclasses import dataclass
from typing import Final

from isogloss.models import ModelSize

# A backward pass is two forward passes.
_BACKWARD: Final = 2.0
# What a process holds before it trains (Python, PyTorch, a study's material), in MB; measured.
_BASE_MB: Final = 560.0


@dataclass(frozen=True)
class Work:
    """What a training or a test asks of a machine.

    Attributes:
        calls: layers that are entered: each costs a fixed time, however small it is.
        gigaflops: operations of the matrix products, in 10^9.
        elements: numbers that go through memory between the products, in 10^6.
    """

    calls: float
    gigaflops: float
    elements: float

    def times(self, factor: float) -> "Work":
        """Return so many times the work."""
        return Work(self.calls * factor, self.gigaflops * factor, self.elements * factor)

    def plus(self, other: "Work") -> "Work":
        """Return the work of both."""
        return Work(
            self.calls + other.calls,
            self.gigaflops + other.gigaflops,
            self.elements + other.elements,
        )


def forward_pass(
    size: ModelSize, vocabulary: int, *, rows: float, length: float, predicted: float
) -> Work:
    """Return the work of one forward pass; a third of that of an update.

    Args:
        size: of the model.
        vocabulary: classes of the output layer.
        rows: of the batch.
        length: of a row, in tokens.
        predicted: share of the tokens that the output layer sees.
    """
    tokens, hidden = rows * length, size.hidden
    products = size.layers * (size.layer_parameters + 2 * length * hidden)
    output = predicted * hidden * (hidden + vocabulary)
    return Work(
        calls=size.layers / (1 + _BACKWARD),
        gigaflops=2 * tokens * (products + output) / 1e9,
        elements=tokens * size.layers * (hidden + size.intermediate) / (1 + _BACKWARD) / 1e6,
    )


def update(
    size: ModelSize, vocabulary: int, *, rows: float, length: float, predicted: float
) -> Work:
    """Return the work of one forward-backward pass; the arguments are those of `forward_pass`."""
    forward = forward_pass(size, vocabulary, rows=rows, length=length, predicted=predicted)
    return forward.times(1 + _BACKWARD)


def n_parameters(size: ModelSize, vocabulary: int) -> int:
    """Return the weights of a model without language-specific modules, but for biases and norms."""
    return size.layers * size.layer_parameters + size.hidden * (size.hidden + vocabulary)


def memory_mb(
    size: ModelSize, vocabulary: int, *, rows: float, length: float, predicted: float
) -> float:
    """Return the memory that a training's process takes, in MB.

    Weights, gradients and two moments of Adam; what the backward pass needs of each layer; logits,
    their gradient and their softmax; and what any process holds.
    """
    tokens = rows * length
    kept = tokens * size.layers * (14 * size.hidden + 4 * size.intermediate)
    logits = 3 * predicted * tokens * vocabulary
    numbers = 4 * n_parameters(size, vocabulary) + kept + logits
    return _BASE_MB + 4 * numbers / 1e6
