from isogloss.study import StudyPlan


def test_a_run_is_taken_in_once(plan: StudyPlan) -> None:
    mine = StudyPlan()
    run = next(iter(plan.runs.values()))
    assert mine.add(run) == mine.add(run) == run.run_id
    assert list(mine.runs) == [run.run_id]
    assert mine.treated == "pretrain"
