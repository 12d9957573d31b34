import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from isogloss.core import TABLES
from isogloss.study import Prepared, StudyPlan, StudySpec, plan_study
from isogloss.study.results.notes import notes_of, write_notes
from isogloss.study.results.outcomes import Outcomes
from unit.study import toys


def confounds(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {
        "run_id": "a",
        "treatment": "untreated",
        "mixture": "qaa-Latn+qab-Latn",
        "match": "",
        "seed": 0,
        "language": "qaa-Latn",
        "left_plateau": True,
    }
    return pd.DataFrame(
        [{**plain, **row} for row in rows], columns=list(TABLES["confounds"].columns)
    )


def said(
    spec: StudySpec | None = None,
    plan: StudyPlan | None = None,
    outcomes: Outcomes | None = None,
    *,
    found: pd.DataFrame | None = None,
) -> list[tuple[str, str]]:
    """Return level and first word of every note."""
    notes = notes_of(
        spec or toys.spec(seeds=[0, 1, 2]),
        plan or StudyPlan(),
        outcomes or Outcomes([], {}),
        confounds=confounds() if found is None else found,
    )
    return [(note["level"], note["text"]) for note in notes]


def test_nothing_to_say() -> None:
    assert said(found=confounds({}, {"language": "qab-Latn"})) == []


def test_a_destroyed_checkpoint() -> None:
    worse = {"start_nats": 3.0, "dev_nats": 5.0, "start_retrieval": 0.76, "retrieval": 0.005}
    found = confounds({"destroyed": False}, {"run_id": "b", "destroyed": True, **worse})
    [(level, text)] = said(found=found)
    assert level == "warning"
    assert text == (
        "DESTROYED: 1 of 2 pretrainings made the checkpoint worse than it was: dev loss 3.00 -> "
        "5.00 nats, retrieval of translations 0.76 -> 0.01 in the mean. No verdict rests on them: "
        "lower the learning rate. They are: untreated on qaa-Latn+qab-Latn in qaa-Latn."
    )


def test_a_destroyed_checkpoint_without_parallel_text() -> None:
    worse = {"start_nats": 3.0, "dev_nats": 5.0, "destroyed": True}
    [(_, text)] = said(found=confounds(worse))
    assert "retrieval of translations not measured" in text


def test_a_destroyed_fine_tuning(plan: StudyPlan) -> None:
    made = toys.outcomes(plan, lambda run, cell: 0.5)
    run_id = next(run_id for run_id, run in plan.runs.items() if run.stage == "finetune")
    end = {
        "dev": {"a": 1.6, "b": 1.8},
        "dev_chance": {"a": 1.5, "b": 1.7},
        "retrieval": {"ab": 0.1},
    }
    guard = {"start": {"retrieval": {"ab": 0.9}}, "end": end, "destroyed": True}
    result = {**made.by_run[run_id].result, "guard": guard}
    worse = dataclasses.replace(made.by_run[run_id], result=result)
    outcomes = dataclasses.replace(made, by_run={**made.by_run, run_id: worse})
    [text] = [text for _, text in said(outcomes=outcomes) if text.startswith("DESTROYED")]
    n_all = sum(run.stage == "finetune" for run in plan.runs.values())
    assert text == (
        f"DESTROYED: 1 of {n_all} fine-tunings left nothing of the checkpoint, or taught it "
        "nothing: dev loss 1.70 nats, where class frequencies alone reach 1.60; retrieval of "
        "translations 0.90 -> 0.10. No verdict rests on them: lower the learning rate, or train "
        f"longer. They are: {run_id}."
    )


def test_scores_on_dev_data() -> None:
    [(level, text)] = said(toys.spec(seeds=[0, 1, 2], scored_on="dev"))
    assert level == "warning"
    assert text.startswith("SCORED ON DEV DATA")


@pytest.mark.parametrize(("seeds", "words"), [([0], "ONE SEED"), ([0, 1], "TWO SEEDS")])
def test_few_seeds(seeds: list[int], words: str) -> None:
    [(level, text)] = said(toys.spec(seeds=seeds))
    assert level == "warning"
    assert text.startswith(words)


def test_a_model_at_the_plateau_is_named(level: str = "warning") -> None:
    alone = {"treatment": "monolingual", "mixture": "qab-Latn", "match": "total", "run_id": "b"}
    stuck = {"left_plateau": False}
    table = confounds({}, {"language": "qab-Latn", **stuck}, {**alone, **stuck})
    [(found, text)] = said(found=table)
    assert found == level
    assert text.startswith("PLATEAU: 2 of 2 pretrainings")
    assert "untreated on qaa-Latn+qab-Latn in qab-Latn" in text
    assert "monolingual on qab-Latn (same compute)" in text


def test_what_was_chosen_and_from_how_many(prepared: Prepared) -> None:
    spec = toys.spec(seeds=[0, 1, 2], treatments=["monolingual", "untreated", "temperature"])
    plan = plan_study(spec, prepared, {("temperature", spec.mixtures[0], "masked_lm"): 2})
    [(level, text)] = said(spec, plan)
    assert level == "note"
    assert "exponents = (0.7,) was chosen from 4 candidates" in text


def test_a_choice_of_fine_tuning_names_its_task(
    joint_spec: StudySpec, joint_plan: StudyPlan
) -> None:
    [text] = [text for _, text in said(joint_spec, joint_plan) if "was chosen" in text]
    assert text.startswith("temperature on qaa-Latn+qab-Latn, pos: exponents = (1.0,) was chosen")


def test_examples_that_were_cut(plan: StudyPlan) -> None:
    made = toys.outcomes(plan, lambda run, cell: 0.5)
    for outcome in made.by_run.values():
        if outcome.run.stage == "finetune":
            outcome.result["n_truncated"] = 7
    notes = [one for one in said(outcomes=made) if "were cut" in one[1]]
    assert [level for level, _ in notes] == ["note", "note"], "one a language, not one a run"
    assert "pos, qaa-Latn: 7 training examples" in notes[0][1]


def test_warnings_stand_first_then_refusals(tmp_path: Path) -> None:
    levels = ["note", "warning", "refusal", "note", "warning"]
    write_notes(tmp_path, [{"level": level, "text": f"é {n}"} for n, level in enumerate(levels)])
    read = json.loads((tmp_path / "notes.json").read_text())
    assert [note["text"] for note in read] == ["é 1", "é 4", "é 2", "é 0", "é 3"]


def test_joint_trainings_that_nobody_looked_at_are_named(plan: StudyPlan) -> None:
    whole = toys.outcomes(plan, lambda run, cell: 0.5)
    joint = [
        run_id
        for run_id, one in whole.by_run.items()
        if one.run.stage == "pretrain" and len(one.run.plan.languages) > 1
    ]
    [(level, text)] = said(outcomes=whole)
    assert level == "note"
    assert f"not measured in {len(joint)} of {len(joint)} joint trainings" in text
    looked = {
        run_id: dataclasses.replace(one, conflict=[{"update": 0}] if run_id != joint[0] else [])
        for run_id, one in whole.by_run.items()
    }
    [(_, text)] = said(outcomes=dataclasses.replace(whole, by_run=looked))
    assert f"not measured in 1 of {len(joint)}" in text


def test_gradients_that_were_not_finite_are_warned_of(plan: StudyPlan) -> None:
    whole = toys.outcomes(plan, lambda run, cell: 0.5)
    looks = [{"not_finite": ["qab-Latn"]}, {"not_finite": []}, {"not_finite": ["qab-Latn"]}]
    looked = {
        run_id: dataclasses.replace(one, conflict=looks if one.run.conflict else [])
        for run_id, one in whole.by_run.items()
    }
    [(level, text)] = said(outcomes=dataclasses.replace(whole, by_run=looked))
    assert level == "warning"
    place = "untreated on qaa-Latn+qab-Latn, seed 0 (of 3 measurements): qab-Latn in 2."
    assert text.startswith("NOT FINITE: ")
    assert text.endswith(place)


def test_looks_that_were_not_asked_for_are_not_missed(plan: StudyPlan) -> None:
    whole = toys.outcomes(plan, lambda run, cell: 0.5)
    off = {
        run_id: dataclasses.replace(one, run=dataclasses.replace(one.run, conflict=0))
        for run_id, one in whole.by_run.items()
    }
    assert said(outcomes=dataclasses.replace(whole, by_run=off)) == []
