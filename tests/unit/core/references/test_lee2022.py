from isogloss.core import REFERENCES
from isogloss.treatments import TREATMENTS, citation


def test_no_number_is_made_up() -> None:
    paper = REFERENCES["lee2022"]
    assert paper.scores == {}
    assert not paper.comparisons


def test_it_is_cited_as_its_treatment_is() -> None:
    cited = citation(TREATMENTS["sequential_reptile"])
    assert cited is not None
    assert cited.key == REFERENCES["lee2022"].key
