import pytest

from unit.treatments.directions import SCOPES, directions


@pytest.mark.parametrize("scope", SCOPES)
def test_the_claim_no_language_loses(scope: str) -> None:
    found = directions("upgrad", scope=scope, parameter=SCOPES[scope])
    assert (found.gains > -1e-5 * found.taken.norm()).all()
