"""What the training loop asks of a sampler."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.data.batches import Batch


@runtime_checkable
class Sampler(Protocol):
    """A stateless function of the update number, so that a resumed run sees the same rows.

    Everything a sampler draws follows from its arguments, its seed and the number of the update:
    there is no state to save, and any update can be asked for in any order.
    """

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order that `Batch.language` counts them."""
        ...

    def batch(self, update: int) -> Batch:
        """Return the batch of one update (from 0) for all processes together."""
        ...

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language updates 0 to n_updates - 1 hold.

        Args:
            n_updates: number of updates.

        Returns:
            Exact counts, shape [languages].
        """
        ...

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often updates 0 to n_updates - 1 read each language's data.

        Args:
            n_updates: number of updates.

        Returns:
            Rows drawn over rows that there are, shape [languages]; 0 where there are none.
        """
        ...
