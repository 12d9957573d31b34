from isogloss.core import METRICS
from isogloss.data import TASKS


def test_questions_are_scored_by_two_metrics() -> None:
    assert TASKS["qa"].metrics == ("qa_f1", "qa_em")
    assert set(TASKS["qa"].metrics) <= set(METRICS)
