from isogloss.core import METRICS
from isogloss.data import TASKS, task_card


def test_it_is_pos_with_another_score() -> None:
    assert TASKS["pos_xtreme"].kind == TASKS["pos"].kind
    assert TASKS["pos_xtreme"].metrics == ("pos_f1", "pos_accuracy")
    assert set(TASKS["pos_xtreme"].metrics) <= set(METRICS)
    assert task_card("pos_xtreme.pud").kind == "pos.pud"
