"""Structured random gradient matrices, and the golden case of two languages."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

GOLDEN = np.array([[5.0, -1.0], [-1.0, 5.25]])
SCALES = (1e-3, 1.0, 1e3)


def gradients(n: int, width: int, seed: int, *, rank: int | None = None) -> NDArray[np.float64]:
    """Return rows of gradients, of full rank or of a lower one."""
    rng = np.random.default_rng(seed)
    if rank is None:
        return rng.normal(size=(n, width))
    return rng.normal(size=(n, rank)) @ rng.normal(size=(rank, width))


def matrices(least: int = 2) -> st.SearchStrategy[NDArray[np.float64]]:
    """Return matrices of 2 to 6 languages: random, of low rank, and of very unequal lengths."""

    def build(n: int, seed: int, kind: str, scale: float) -> NDArray[np.float64]:
        rows = gradients(n, 12, seed, rank=max(1, n - 1) if kind == "low rank" else None)
        if kind == "unequal":
            rows = rows * np.logspace(0, 2, n)[:, None]
        if kind == "agreeing":
            rows = np.abs(rows)
        return rows * scale

    kinds = st.sampled_from(["random", "low rank", "unequal", "agreeing"])
    return st.builds(
        build, st.integers(least, 6), st.integers(0, 10**6), kinds, st.sampled_from(SCALES)
    )
