import numpy as np
import pytest

from isogloss.core import METRICS
from isogloss.evaluation import Cell
from isogloss.statistics import difference
from isogloss.study import Run, StudyPlan, StudySpec
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables.rows import (
    by_training,
    cells,
    compare,
    joint_treatments,
    judged,
    mean_score,
    note,
)
from unit.study.toys import BASE, OTHER, outcomes

ACCURACY = METRICS["pos_accuracy"]


@pytest.fixture(scope="module")
def made(full_plan: StudyPlan) -> Outcomes:
    def score(run: Run, cell: Cell) -> float:
        return 0.9 - 0.1 * (len(run.plan.languages) == 2)

    return outcomes(full_plan, score)


def test_joint_treatments_in_the_order_of_the_study(full_spec: StudySpec, made: Outcomes) -> None:
    assert joint_treatments(full_spec, made) == ["untreated", "temperature", "language_adapters"]


def test_trainings_with_their_seeds(made: Outcomes) -> None:
    groups = list(by_training(made.select(treatment="untreated", match="")))
    assert [(task, source) for task, source, _ in groups] == [
        ("masked_lm", None),
        ("pos", BASE),
        ("pos", OTHER),
    ]
    assert all([role.seed for role in roles] == [0, 1, 2] for _, _, roles in groups)


def test_cells_of_some_roles(made: Outcomes) -> None:
    roles = made.select(treatment="untreated", task="pos", source_language=BASE)
    assert [str(cell.target_language) for cell in cells(made, roles)] == [str(BASE), str(OTHER)]


def test_the_mean_is_over_seeds_of_scores() -> None:
    counts = np.array([[[1, 1], [1, 1]], [[0, 1], [1, 1]]], dtype=float)
    assert mean_score(counts, ACCURACY) == 0.75


def test_compared_with_runs_that_did_not_measure_it(full_spec: StudySpec, made: Outcomes) -> None:
    cell = Cell.of("ner", "entity_f1", BASE, BASE)
    roles = made.select(treatment="untreated", task="pos")
    assert compare(full_spec, made, roles, [], cell) == {}
    assert compare(full_spec, made, roles, roles, cell) == {}


def row(p_like: float, **changes: object) -> dict[str, object]:
    rng = np.random.default_rng(1)
    right = rng.random((3, 400)) < 0.8
    worse = right & (rng.random((3, 400)) > p_like)
    reference, treated = (
        np.stack([one, np.ones_like(one)], axis=-1).astype(float) for one in (right, worse)
    )
    found = difference(reference, treated, ACCURACY)
    plain = {"task": "pos", "metric": "pos_accuracy", "setting": "within_language"}
    return {
        **plain,
        "stages": [found],
        "roles": [],
        "plateau": False,
        "destroyed": False,
        "note": "",
        **changes,
    }


def test_holm_runs_over_rows_of_one_task_and_setting(full_spec: StudySpec) -> None:
    """Two families: three rows, and one whose p stays as it is."""
    table = [row(0.02), row(0.03), row(0.3), row(0.02, setting="zero_shot")]
    found = judged(table, full_spec, gains=False)
    zero_shot = [one for one in found if one["setting"] == "zero_shot"]
    within = [one for one in found if one["setting"] == "within_language"]
    assert zero_shot[0]["p_holm"] == zero_shot[0]["p"]
    smallest = min(within, key=lambda one: one["p"])
    assert smallest["p_holm"] == pytest.approx(3 * smallest["p"])


def test_rows_without_a_difference_stay(full_spec: StudySpec) -> None:
    bare = {"task": "pos", "metric": "pos_accuracy", "setting": "zero_shot", "note": "kept"}
    [found] = judged([dict(bare)], full_spec, gains=False)
    assert found == bare


def test_gains_have_their_own_columns(full_spec: StudySpec) -> None:
    [found] = judged([row(0.3)], full_spec, gains=True)
    assert {"gain", "reference_value"} <= set(found)
    assert "interference" not in found


def test_a_note_is_said_once() -> None:
    notes: list[dict[str, str]] = []
    for _ in range(2):
        note(notes, "refusal", "text")
    note(notes, "note", "text")
    assert notes == [{"level": "refusal", "text": "text"}, {"level": "note", "text": "text"}]
