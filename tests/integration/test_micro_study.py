"""One tiny study from end to end: its files are the contract, and nothing is done twice."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from isogloss.core import TABLES
from isogloss.study import Launch, StudySpec, run_study
from unit.study import toys
from unit.study.toys import Watch

SPEC = {"tasks": ["pos"], "seeds": [0, 1]}
# What a number is, and not how long it took.
MEASURED = [name for name in TABLES["records"].columns if name not in ("wall_s", "peak_memory_mb")]
FILES = {
    *("spec.yaml", "study.json", "notes.json", "records.parquet", "records.csv"),
    *(
        "verdicts.csv",
        "comparisons.csv",
        "confounds.csv",
        "parameters.csv",
        "mixtures.csv",
        "conflict.csv",
    ),
}


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toys.write_bed(tmp_path_factory.mktemp("bed"), "conflict")


@pytest.fixture(scope="module")
def finished(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the micro study: 2 languages, 2 seeds, one task, 6 updates each."""
    out = tmp_path_factory.mktemp("micro")
    run_study(toys.spec(**SPEC), str(bed), out, Launch("inline", 1, Watch(), "isogloss run micro"))
    return out


def test_the_files_of_a_study(finished: Path) -> None:
    assert {path.name for path in finished.iterdir() if path.name in FILES} == FILES
    assert not (finished / ".owner").exists()
    assert len(list((finished / "runs").iterdir())) == 2 * (3 + 3 + 4)


def test_the_records(finished: Path) -> None:
    table = pd.read_parquet(finished / "records.parquet")
    assert tuple(table) == TABLES["records"].columns
    # A seed: alone 2 of text and 2 of the task; together 2 of text, 1 retrieval, 4 of the task.
    assert len(table) == 2 * (2 + 2 + 2 + 1 + 4)
    metrics = table.groupby("metric")["value"].agg(["min", "max"])
    assert set(metrics.index) == {"bits_per_byte", "pos_accuracy", "retrieval_accuracy"}
    for metric in ("pos_accuracy", "retrieval_accuracy"):
        assert metrics.loc[metric].between(0, 1).all(), "fractions, never points"
    assert set(table["n_examples"]) >= {40}
    as_text = pd.read_csv(finished / "records.csv", keep_default_na=False)
    assert as_text["run_id"].tolist() == table["run_id"].tolist()


def test_the_verdicts(finished: Path) -> None:
    table = pd.read_csv(finished / "verdicts.csv")
    assert tuple(table) == TABLES["verdicts"].columns
    assert table[table["task"] == "masked_lm"]["gradient_cosine"].between(-1, 1).all()
    assert len(table) == 2 + 1 + 4
    within = table[table["setting"] == "within_language"]
    assert (
        within["verdict"]
        .isin(["HURT", "HELPED", "INCONCLUSIVE", "UNDERPOWERED", "UNDECIDED"])
        .all()
    )
    assert set(within["n_seeds"]) == {2}
    assert table[table["setting"] == "zero_shot"]["monolingual"].isna().all()


def test_what_stands_beside(finished: Path) -> None:
    confounds = pd.read_csv(finished / "confounds.csv")
    assert len(confounds) == 2 * (1 + 1 + 2)
    assert not confounds["left_plateau"].any()
    assert pd.read_csv(finished / "comparisons.csv").empty, "untreated alone has no reference"
    assert pd.read_csv(finished / "mixtures.csv").empty, "one mixture holds no other"
    counted = pd.read_csv(finished / "parameters.csv")
    assert len(counted) == 1 + 1 + 2
    assert counted["shared"].nunique() == 1, "the same encoder everywhere"
    assert set(counted["language_specific"]) == {0}
    notes = json.loads((finished / "notes.json").read_text())
    assert [note["text"].split(":")[0] for note in notes[:2]] == ["TWO SEEDS", "PLATEAU"]
    about = json.loads((finished / "study.json").read_text())
    assert about["command"] == "isogloss run micro"
    spec = yaml.safe_load((finished / "spec.yaml").read_text())
    assert spec["provenance"]["data"]["text/qaa-Latn/train"]


def test_the_same_tokens_of_a_language_alone_and_together(finished: Path) -> None:
    rows = {}
    for path in (finished / "runs").glob("pretrain-*"):
        result = json.loads((path / "result.json").read_text())
        for language, n in result["rows"].items():
            rows.setdefault(language, set()).add(n)
    assert rows == {"qaa-Latn": {24}, "qab-Latn": {24}}


def test_running_it_again_does_nothing(finished: Path, bed: Path) -> None:
    results = sorted((finished / "runs").glob("*/result.json"))
    before = [path.stat().st_mtime_ns for path in results]
    records = (finished / "records.parquet").read_bytes()
    watch = Watch()
    run_study(toys.spec(**SPEC), str(bed), finished, Launch("inline", 1, watch))
    assert (watch.n_planned, watch.begun) == ([], [])
    assert [path.stat().st_mtime_ns for path in results] == before
    assert (finished / "records.parquet").read_bytes() == records


def test_a_seed_more_repeats_nothing(finished: Path, bed: Path) -> None:
    """Only what is new is done, and the tables hold both."""
    watch = Watch()
    more = toys.spec(tasks=["pos"], seeds=[1, 2])
    plan = run_study(more, str(bed), finished, Launch("inline", 1, watch))
    assert watch.n_planned == [3 + 3 + 4]
    assert len(plan.runs) == 2 * (3 + 3 + 4)
    assert set(pd.read_parquet(finished / "records.parquet")["seed"]) == {1, 2}


def smallest() -> StudySpec:
    return toys.spec(seeds=[0], pretraining={**toys.CONTENT["pretraining"], "updates": 2})


def test_a_pool_of_processes_measures_the_same(bed: Path, tmp_path: Path) -> None:
    tables = {}
    for launcher in ("inline", "pool"):
        watch = Watch()
        out = tmp_path / launcher
        run_study(smallest(), str(bed), out, Launch(launcher, 2, watch))
        assert set(watch.errors.values()) == {None}
        tables[launcher] = pd.read_parquet(out / "records.parquet")[MEASURED]
    pd.testing.assert_frame_equal(tables["pool"], tables["inline"], check_exact=True)
