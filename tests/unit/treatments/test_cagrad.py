import pytest

from unit.treatments.directions import SCOPES, directions


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_the_worst_language_gains_as_by_the_mean(scope: str) -> None:
    found = directions("cagrad", scope=scope, parameter=SCOPES[scope])
    worst = float((found.rows @ found.taken).min())
    by_mean = float((found.rows @ found.rows.mean(0)).min())
    assert worst > by_mean - 1e-5 * abs(by_mean)
