from isogloss.core import REFERENCES
from isogloss.treatments import TREATMENTS, citation


def test_no_number_of_a_language_is_made_up() -> None:
    paper = REFERENCES["yang2022"]
    assert paper.scores == {}
    assert not paper.comparisons


def test_it_is_cited_as_its_treatment_is() -> None:
    cited = citation(TREATMENTS["x_mixup"])
    assert cited is not None
    assert cited.key == REFERENCES["yang2022"].key


def test_its_models_are_treatments_of_ours() -> None:
    assert all(one.treatment in TREATMENTS for one in REFERENCES["yang2022"].models)
