import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import InputError, TrainingError
from isogloss.study import (
    Launch,
    Prepared,
    Run,
    StudyPlan,
    choices,
    foresee,
    plan_study,
    run_study,
)
from isogloss.study.store.lock import study_lock
from isogloss.study.store.prepared import open_prepared
from isogloss.study.store.run_folder import run_folder
from isogloss.study.study import best_candidate, unfinished, write_tables
from unit.study import toys
from unit.study.toys import Watch

CHOOSING = {
    "treatments": ["monolingual", "untreated", {"temperature": {"exponents": [0.0, 1.0]}}],
    "seeds": [0],
}


def log(study: Path, run_id: str, **losses: float) -> None:
    path = run_folder(study, run_id).path
    path.mkdir(parents=True, exist_ok=True)
    row = {"kind": "dev", "update": 11, "loss_by_language": losses}
    (path / "metrics.jsonl").write_text(json.dumps(row) + "\n")


def test_the_best_candidate_has_the_lowest_mean_dev_loss(tmp_path: Path) -> None:
    log(tmp_path, "a", one=3.0, other=5.0)
    log(tmp_path, "b", one=4.5, other=3.0)
    log(tmp_path, "c", one=2.0, other=9.0)
    assert best_candidate(tmp_path, ["a", "b", "c"]) == 1
    assert best_candidate(tmp_path, ["b", "b"]) == 0, "of equals the first"


def test_parents_before_children_and_nothing_twice(
    plan: StudyPlan, done: tuple[Path, Run, Run]
) -> None:
    folder, joint, child = done
    left = unfinished(plan, folder, {})
    assert len(left) == 7
    assert not {joint.run_id, child.run_id} & {run.run_id for run in left}
    assert [run.stage for run in left] == ["pretrain"] * 2 + ["score", "finetune"] * 2 + [
        "finetune"
    ]
    failed = {left[0].run_id: "why"}
    assert left[0] not in unfinished(plan, folder, failed)


def test_choices_are_settled_by_finished_candidates(study: Path) -> None:
    spec, prepared = toys.spec(tasks=["pos"], **CHOOSING), open_prepared(study)
    key = ("temperature", spec.mixtures[0], "masked_lm")
    candidates = plan_study(spec, prepared, {}).open_choices[key]
    assert choices(spec, prepared) == {}
    for run_id, loss in zip(candidates, (5.0, 4.0), strict=True):
        log(study, run_id, one=loss)
        assert choices(spec, prepared) == {}
        run_folder(study, run_id).result.write_text("{}") if loss == 5.0 else None
    run_folder(study, candidates[1]).result.write_text("{}")
    assert choices(spec, prepared) == {key: 1}


def test_the_tables_of_a_study_that_is_not_finished(
    plan: StudyPlan, done: tuple[Path, Run, Run]
) -> None:
    folder, _, _ = done
    write_tables(toys.spec(tasks=["pos"], seeds=[0]), open_prepared(folder), plan)
    verdicts = pd.read_csv(folder / "verdicts.csv")
    assert verdicts["verdict"].isna().all()
    assert verdicts["multilingual"].notna().all()
    assert len(pd.read_csv(folder / "records.csv")) == 2 + 1 + 2
    notes = json.loads((folder / "notes.json").read_text())
    assert [note["text"].split(":")[0] for note in notes[:2]] == ["ONE SEED", "PLATEAU"]


def test_a_search_on_dev_data_is_taken_to_test_data_without_pretraining(
    bed: Path, tmp_path: Path
) -> None:
    changes = {"tasks": ["pos"], "seeds": [0]}
    search, test = (toys.spec(**changes, scored_on=split) for split in ("dev", "test"))
    run_study(search, str(bed), tmp_path / "dev", Launch("inline", 1, Watch()))
    watch = Watch()
    launch = Launch("inline", 1, watch, reuse=(tmp_path / "dev",))
    plan = run_study(test, str(bed), tmp_path / "test", launch)
    assert Counter(plan.runs[one].stage for one in watch.begun) == {"score": 3, "finetune": 4}


def test_a_setting_is_chosen_on_the_way(bed: Path, tmp_path: Path) -> None:
    watch = Watch()
    plan = run_study(toys.spec(**CHOOSING), str(bed), tmp_path, Launch("inline", 1, watch))
    warned = foresee(toys.spec(**CHOOSING), open_prepared(tmp_path), {}).warnings
    assert watch.warnings == list(dict.fromkeys(warned)), "each once, before training"
    assert watch.n_planned == [4 + 3], "the chosen setting was trained as a candidate"
    assert not plan.open_choices
    [role] = [role for role in plan.roles if role.treatment == "temperature"]
    assert role.n_candidates == 2
    assert set(choices(toys.spec(**CHOOSING), open_prepared(tmp_path)).values()) <= {0, 1}
    texts = [note["text"] for note in json.loads((tmp_path / "notes.json").read_text())]
    assert any("was chosen from 2 candidates" in text for text in texts)


def test_a_run_that_fails_is_reported_and_the_others_are_kept(
    bed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from isogloss.study.launch import launchers

    do = launchers.execute

    def fail_jointly(run: Run, study: Path) -> None:
        if len(run.plan.languages) == 2:
            raise TrainingError("The loss of qab-Latn is nan at update 3")
        do(run, study)

    monkeypatch.setattr(launchers, "execute", fail_jointly)
    spec = toys.spec(seeds=[0])
    with pytest.raises(TrainingError, match="1 of the runs failed") as told:
        run_study(spec, str(bed), tmp_path, Launch("inline", 1, Watch()))
    assert "qab-Latn is nan at update 3" in str(told.value)
    assert len(pd.read_csv(tmp_path / "records.csv")) == 2, "the tables of what is finished"
    assert pd.read_csv(tmp_path / "verdicts.csv").empty

    monkeypatch.undo()
    watch = Watch()
    run_study(spec, str(bed), tmp_path, Launch("inline", 1, watch))
    assert watch.n_planned == [2], "only what failed is done again, and scored"
    assert len(pd.read_csv(tmp_path / "verdicts.csv")) == 2 + 1


def test_a_candidate_that_fails_stops_the_choice(
    bed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run: Run, study: Path) -> None:
        raise TrainingError("no")

    monkeypatch.setattr("isogloss.study.launch.launchers.execute", refuse)
    with pytest.raises(TrainingError, match="of the runs failed"):
        run_study(toys.spec(**CHOOSING), str(bed), tmp_path, Launch("inline", 1, Watch()))


def test_a_study_that_another_process_writes(bed: Path, tmp_path: Path) -> None:
    spec = toys.spec()
    with study_lock(tmp_path, spec), pytest.raises(InputError, match="no other process writes"):
        run_study(toys.spec(), str(bed), tmp_path, Launch("inline", 1, Watch()))
    assert not (tmp_path / "prepared").exists()


def test_an_unknown_launcher(bed: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean `pool`"):
        run_study(toys.spec(), str(bed), tmp_path, Launch("pol", 1, Watch()))
    assert not list(tmp_path.iterdir()), "before anything is prepared"


def test_a_study_of_fine_tuning_from_beginning_to_end(
    joint_prepared: Prepared, tmp_path: Path
) -> None:
    """Setting chosen on the way, tables written, nothing done twice."""
    spec = toys.spec(
        treat="finetuning",
        zero_shot_to=["qac"],
        tasks=["pos"],
        **{**CHOOSING, "treatments": [*CHOOSING["treatments"], "pcgrad"]},
    )
    data, watch = joint_prepared.facts["data"], Watch()
    plan = run_study(spec, data, tmp_path / "out", Launch("inline", 1, watch))
    assert not plan.open_choices
    assert not [error for error in watch.errors.values() if error]
    averages = pd.read_csv(tmp_path / "out" / "averages.csv")
    assert set(averages["treatment"]) <= {"temperature", "pcgrad"}
    assert {"untreated", "temperature"} >= set(averages["reference"]) >= {"untreated"}
    forgotten = pd.read_csv(tmp_path / "out" / "forgetting.csv")
    assert set(forgotten["language"]) == {"qaa-Latn", "qab-Latn", "qac-Latn"}
    records = pd.read_csv(tmp_path / "out" / "records.csv")
    looks = pd.read_csv(tmp_path / "out" / "conflict.csv")
    treated = looks[looks["task"] == "pos"]
    assert set(treated["treatment"]) == {"untreated", "temperature", "pcgrad"}
    assert set(treated["language_b"]) == {"qab-Latn"}, "nobody fine-tunes on the third"
    judged = pd.read_csv(tmp_path / "out" / "verdicts.csv").set_index("task")
    assert judged.loc[["pos"], "gradient_control"].notna().any()
    unseen = records[(records["target_language"] == "qac-Latn") & (records["stage"] == "finetune")]
    assert set(unseen["setting"]) == {"zero_shot"}
    again = Watch()
    run_study(spec, data, tmp_path / "out", Launch("inline", 1, again))
    assert again.begun == []


def test_scored_on_dev_data_a_study_sees_nothing_of_the_test_data(
    data: Path, tmp_path: Path
) -> None:
    changes = {"tasks": ["pos"], "seeds": [0], "scored_on": "dev"}
    tables = []
    for name in ("once", "other_test_data"):
        run_study(toys.spec(**changes), str(data), tmp_path / name, Launch("inline", 1, Watch()))
        table = pd.read_parquet(tmp_path / name / "records.parquet")
        tables.append(table[["task", "setting", "target_language", "value", "n_examples"]])
        for path in data.glob("*/*.test.*"):
            # Half of the test data in their place: well-formed, and not the same.
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(lines[: len(lines) // 2]))
    pd.testing.assert_frame_equal(*tables)
    assert set(tables[0].query("task == 'pos'")["n_examples"]) == {20}, "the dev sentences"


def test_trained_on_one_set_and_tested_on_another(data: Path, tmp_path: Path) -> None:
    for path in (data / "pos").glob("*.test.*"):
        path.rename(path.with_name(path.name.replace(".test.", ".other.test.")))
    for language in ("qaa", "qab"):
        [train] = (data / "pos").glob(f"{language}.train.*")
        train.with_name(train.name.replace(".train.", ".own.train.")).write_bytes(
            train.read_bytes()
        )
        [dev] = (data / "pos").glob(f"{language}.dev.*")
        dev.with_name(dev.name.replace(".dev.", ".own.test.")).write_bytes(dev.read_bytes())
    tasks = [{"task": "pos", "test": "pos.other"}, "pos.own"]
    spec = toys.spec(tasks=tasks, seeds=[0], largest_overlap=1)
    plan = run_study(spec, str(data), tmp_path / "out", Launch("inline", 1, Watch()))
    assert {run.task for run in plan.runs.values()} == {
        *("masked_lm", "pos-on-pos.other", "pos.own")
    }
    table = pd.read_csv(tmp_path / "out" / "records.csv").query("stage == 'finetune'")
    counts = table.groupby("task")["n_examples"].unique().map(list).to_dict()
    assert counts == {"pos-on-pos.other": [40], "pos.own": [20]}
