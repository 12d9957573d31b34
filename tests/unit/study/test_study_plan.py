from isogloss.study import Run, StudyPlan


def test_a_run_that_several_roles_need_is_there_once(plan: StudyPlan) -> None:
    run: Run = next(iter(plan.runs.values()))
    fresh = StudyPlan()
    assert fresh.add(run) == fresh.add(run) == run.run_id
    assert fresh.runs == {run.run_id: run}
