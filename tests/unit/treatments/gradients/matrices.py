"""Structured random gradient matrices, and the golden case of two languages."""

from collections.abc import Iterator

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


def draws(kind: str, n_draws: int, seed: int = 0) -> Iterator[NDArray[np.float64]]:
    """Return gradients of 2 to 8 languages whose lengths lie anywhere between 1e-6 and 1e6.

    Kinds: "random" directions, nearly at right angles; "conflict", where most pairs point apart;
    "agreeing", where none does; "dependent", of lower rank than there are languages.
    """
    rng = np.random.default_rng([seed, *kind.encode()])
    for _ in range(n_draws):
        n = int(rng.integers(2, 9))
        g = rng.normal(size=(n, 24))
        if kind == "conflict":
            g -= 1.2 * g.mean(0)
        elif kind == "agreeing":
            g = np.abs(g)
        elif kind == "dependent":
            g = rng.normal(size=(n, n - 1)) @ rng.normal(size=(n - 1, 24))
        yield unit_rows(g) * 10 ** rng.uniform(-6, 6, size=(n, 1))


def unit_rows(g: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows at length 1."""
    return g / np.linalg.norm(g, axis=1, keepdims=True)
