import pytest

from unit.treatments.directions import directions

pytest.importorskip("torchjd", reason="the extra torchjd is not installed")


def test_the_claim_no_language_loses() -> None:
    assert (directions("upgrad").gains > -1e-4).all()
