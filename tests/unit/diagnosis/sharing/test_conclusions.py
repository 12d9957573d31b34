import numpy as np
import pytest

import toys
from isogloss.diagnosis.sharing.conclusions import recommend, sharing_notes
from isogloss.diagnosis.sharing.sharing_map import Block, SharingMap

EN, SW = toys.PAIR


def made(noise: float, gated: float, n_seeds: int = 2) -> SharingMap:
    """Return an invented map of one block."""
    draw = np.random.default_rng(1)
    signal = draw.normal(size=(2, 1, 200))
    logits = signal + noise * draw.normal(size=(2, n_seeds, 200))
    kept = [{"language": str(one), "loss_gated": gated, "loss_random": 3.0} for one in toys.PAIR]
    return SharingMap(toys.PAIR, (Block(0, "attention", np.arange(200)),), logits, tuple(kept))


def test_a_good_map_needs_no_note() -> None:
    assert sharing_notes(made(0.1, 2.0)) == []


def test_controls_and_gates_that_fail_are_told() -> None:
    noisy = sharing_notes(made(1.0, 2.0))
    assert len(noisy) == 2
    assert "below 0.95" in noisy[0]
    nothing = sharing_notes(made(0.1, 3.1))
    assert f"could not measure {EN}" in nothing[0]
    assert "needs two seeds" in sharing_notes(made(0.1, 2.0, n_seeds=1))[0]


def test_the_least_shared_layers_of_the_less_shared_half_are_recommended() -> None:
    low = {("attention", n): 0.9 for n in range(6)}
    low |= {("feed_forward", n): 0.9 - 0.1 * n for n in range(6)}
    pair = {"language_a": "a", "language_b": "b"}
    rows = [
        {"sublayer": half, "layer": n, "corrected": value, **pair}
        for (half, n), value in low.items()
    ]
    control = [{**row, "language_b": "a", "corrected": 0.0} for row in rows]
    found = recommend([*rows, *control])
    assert found is not None
    assert (found.sublayer, found.layers, found.opposite) == ("feed_forward", (4, 5), (0, 1))
    assert len(found.random) == 2
    assert found.similarity == pytest.approx(0.45)
    assert found.rest == pytest.approx(0.75)
    assert recommend(control) is None
    assert recommend(rows[:1]) is None
