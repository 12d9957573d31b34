"""Values are in test_plan_treated_finetuning, where fine-tunings are really done."""

from isogloss.study import StudyPlan
from isogloss.study.tables import forgetting
from isogloss.study.tables.forgetting import FORGETTING_COLUMNS
from unit.study.toys import outcomes


def test_a_row_a_language_of_a_run_that_measured_it(full_plan: StudyPlan) -> None:
    whole = outcomes(full_plan, lambda run, cell: 0.5)
    assert forgetting(whole).empty
    role = whole.roles[0]
    row = {
        "language": "qaa-Latn",
        "seen": True,
        "pretrained_nats": 3.0,
        "original_decoder_nats": 3.5,
        "tied_decoder_nats": None,
        "forgotten_nats": 0.5,
        "forgotten_nats_tied": None,
    }
    whole.by_run[role.run_id].result["forgetting"] = {
        "languages": [row, {**row, "language": "qab-Latn", "seen": False}],
        "distance": 2.0,
        "relative_distance": 0.1,
    }
    table = forgetting(whole)
    assert tuple(table) == FORGETTING_COLUMNS
    same = [one for one in whole.roles if one.run_id == role.run_id]
    assert len(table) == 2 * len(same)
    assert table["seen"].tolist()[:2] == [True, False]
    assert table["forgotten_nats"].tolist()[:2] == [0.5, 0.5]
