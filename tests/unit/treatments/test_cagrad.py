import pytest

from unit.treatments.directions import directions

pytest.importorskip("torchjd", reason="the extra torchjd is not installed")


def test_the_claim_the_worst_language_gains_as_by_the_mean() -> None:
    found = directions("cagrad")
    worst = (found.rows @ found.taken).min()
    assert float(worst) > float((found.rows @ found.rows.mean(0)).min()) * (1 - 1e-3)
