import dataclasses

from isogloss.core import SEVERAL, TABLES
from isogloss.study import StudyPlan
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import forgetting
from unit.study.toys import outcomes

LOST = {
    "language": "qaa-Latn",
    "seen": True,
    "n_masked": 9,
    "pretrained_nats": 3.0,
    "original_decoder_nats": 3.5,
    "tied_decoder_nats": 3.4,
    "forgotten_nats": 0.5,
    "forgotten_nats_tied": 0.4,
}


def test_one_row_a_fine_tuning_and_language(joint_plan: StudyPlan) -> None:
    made = outcomes(joint_plan, lambda *_: 0.5)
    noted = {"languages": [LOST], "distance": {"encoder": 2.0, "relative": 0.1}}
    by_run = {
        run_id: dataclasses.replace(one, result={**one.result, "forgetting": noted})
        if one.run.source_language == SEVERAL
        else one
        for run_id, one in made.by_run.items()
    }
    table = forgetting(Outcomes(made.roles, by_run, made.treat))
    assert list(table) == list(TABLES["forgetting"].columns)
    assert set(table["treatment"]) == {"untreated", "temperature", "sequential_reptile", "pcgrad"}
    assert set(table["forgotten_nats"]) == {0.5}
    assert set(table["relative_distance"]) == {0.1}
    assert len(table) == 4 * 2, "seeds"


def test_runs_that_measured_nothing_have_no_row(full_plan: StudyPlan) -> None:
    assert forgetting(outcomes(full_plan, lambda *_: 0.5)).empty
