"""What may look at a training without touching it."""

from pathlib import Path
from typing import Protocol


class Observer(Protocol):
    """Looks at the model between two updates; moves no weight and no random state.

    The loop of the first process calls it. Whatever it learns from must not depend on calls that a
    resumed run makes no more.
    """

    def start(self, folder: Path, update: int) -> None:
        """Begin, or go on, at an update; what was written of later ones is to be dropped."""
        ...

    def observe(self, update: int) -> None:
        """Look at the model after an update."""
        ...
