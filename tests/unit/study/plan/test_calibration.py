import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from isogloss.core import write_atomically
from isogloss.study import Prepared, Run, StudyPlan, estimate
from isogloss.study.plan import calibration
from isogloss.study.plan.calibration import Calibration, planned_runs
from isogloss.study.plan.speed import Speed
from isogloss.study.store.prepared import open_prepared
from isogloss.study.store.run_folder import run_folder
from unit.study import toys

HERE = {"machine": "this machine", "device": "cpu"}


@pytest.fixture(autouse=True)
def _steady_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One machine, of one speed."""
    monkeypatch.setattr(calibration, "machine_name", lambda: "this machine")
    speed = Speed(call=1e-3, gigaflop=0.1, element=1e-3)
    monkeypatch.setattr("isogloss.study.plan.estimate.measure_speed", lambda: speed)


def finish(study: Path, run: Run, **result: object) -> None:
    write_atomically(run_folder(study, run.run_id).result, json.dumps({**HERE, **result}))


def of_stage(plan: StudyPlan, stage: str) -> list[Run]:
    return [run for run in plan.runs.values() if run.stage == stage]


def counted(plan: StudyPlan, prepared: Prepared) -> Mapping[str, float]:
    """Return the seconds of every run where none is finished."""
    return {run_id: one.seconds for run_id, one in estimate(plan, prepared).runs.items()}


def test_finished_runs_say_how_long_the_others_of_their_stage_take(
    plan: StudyPlan, prepared: Prepared, study: Path
) -> None:
    """Two pretrainings took twice and four times what is counted, in all their mean."""
    before = counted(plan, prepared)
    first, second, third = of_stage(plan, "pretrain")
    finish(study, first, core_seconds=2 * before[first.run_id])
    finish(study, second, core_seconds=4 * before[second.run_id])
    cost = estimate(plan, open_prepared(study))
    sizes = before[first.run_id], before[second.run_id]
    factor = (2 * sizes[0] + 4 * sizes[1]) / sum(sizes)
    assert cost.runs[third.run_id].seconds == pytest.approx(factor * before[third.run_id])
    assert cost.runs[third.run_id].timed
    for run in (*of_stage(plan, "score"), *of_stage(plan, "finetune")):
        assert cost.runs[run.run_id].seconds == before[run.run_id]
    assert (cost.n_timed, cost.timed_by) == (1, {str(study): 2})


@pytest.mark.parametrize(
    "result",
    [
        {"core_seconds": 9.0, "machine": "another"},
        {"core_seconds": 9.0, "device": "cuda"},
        {"core_seconds": 0.0},
        {"machine": None},  # of a run that was resumed, or is older than this was noted
    ],
)
def test_runs_of_elsewhere_say_nothing(
    result: dict[str, object], plan: StudyPlan, prepared: Prepared, study: Path
) -> None:
    before = counted(plan, prepared)
    run, *_ = of_stage(plan, "pretrain")
    finish(study, run, **result)
    cost = estimate(plan, open_prepared(study))
    assert cost.n_timed == 0
    assert all(one.seconds == before[run_id] for run_id, one in cost.runs.items())


def test_another_model_or_length_is_another_kind(plan: StudyPlan, study: Path) -> None:
    run, *_ = of_stage(plan, "pretrain")
    finish(study, run, core_seconds=8.0)
    known = Calibration().learn([run], study, lambda _: 2.0)
    assert known.factor(run) == 4.0
    longer = dataclasses.replace(run, plan=dataclasses.replace(run.plan, length=48))
    assert known.factor(longer) is None
    assert known.factor(dataclasses.replace(run, model="tiny")) is None


def test_a_study_like_it_says_so_too(plan: StudyPlan, prepared: Prepared, study: Path) -> None:
    spec = toys.spec(tasks=["pos"], seeds=[0]).model_dump(mode="json")
    (study / "spec.yaml").write_text(yaml.safe_dump({**spec, "provenance": {"data": {}}}))
    before = counted(plan, prepared)
    run, other, *_ = of_stage(plan, "score")
    finish(study, run, core_seconds=3 * before[run.run_id])
    cost = estimate(plan, prepared, study)
    assert cost.n_finished == 0
    assert cost.runs[other.run_id].seconds == pytest.approx(3 * before[other.run_id])
    assert cost.timed_by == {str(study): 1}


def test_a_study_whose_material_is_gone_says_nothing_of_times(tmp_path: Path) -> None:
    assert planned_runs(tmp_path) is None
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(toys.CONTENT))
    assert planned_runs(tmp_path) is None
    (tmp_path / "spec.yaml").write_text("- 1\n")
    assert planned_runs(tmp_path) is None
