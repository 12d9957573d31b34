from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.core import InputError
from isogloss.evaluation import Cell, PredictionTable, write_predictions
from isogloss.study import Prepared, Run, StudyPlan, compare_studies, plan_study
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import records
from isogloss.study.store.run_folder import run_folder
from isogloss.study.store.writing import write_frame
from unit.study import toys
from unit.study.toys import BASE, OTHER

Write = Callable[..., Path]


def score(run: Run, cell: Cell) -> float:
    return 2.0 if cell.metric == "bits_per_byte" else 0.5


def better(run: Run, cell: Cell) -> float:
    return 1.5 if cell.metric == "bits_per_byte" else 0.9


@pytest.fixture(scope="module")
def plan(prepared: Prepared) -> StudyPlan:
    """Return the plan of a study of the task `pos` and two seeds."""
    return plan_study(toys.spec(tasks=["pos"], seeds=[0, 1]), prepared, {})


@pytest.fixture
def write(plan: StudyPlan, tmp_path: Path) -> Write:
    """Write the records and predictions of a study that nobody ran."""

    def write(name: str, of: Callable[[Run, Cell], float], n_examples: int = 300) -> Path:
        made: Outcomes = toys.outcomes(plan, of)
        folder = tmp_path / name
        write_frame(records(toys.spec(), made), folder / "records.parquet")
        for run_id, outcome in made.by_run.items():
            tables = [
                PredictionTable(cell, counts[:n_examples], ("",) * n_examples)
                for cell, counts in outcome.counts.items()
            ]
            write_predictions(tables, run_folder(folder, run_id).path / "predictions.parquet")
        return folder

    return write


def test_a_study_done_twice(write: Write) -> None:
    table = compare_studies(write("a", score), write("b", score))
    assert len(table) == 10, "2 + 2 alone, 2 joint ones of text and 4 of the task"
    assert (table["gain"] == 0).all()
    assert set(table["verdict"]) <= {"INCONCLUSIVE", "UNDERPOWERED"}


def test_the_second_is_better(write: Write) -> None:
    table = compare_studies(write("a", score), write("b", better))
    assert set(table["verdict"]) == {"BETTER"}
    assert (table["gain"] > 0).all()
    text = table[table["metric"] == "bits_per_byte"]
    assert (text["b"] < text["a"]).all()
    turned = compare_studies(write("b", better), write("a", score))
    assert set(turned["verdict"]) == {"WORSE"}
    assert np.allclose(turned["gain"], -table["gain"])


def test_what_only_one_of_them_has_is_left_out(write: Write) -> None:
    first, second = write("a", score), write("b", score)
    kept = pd.read_parquet(second / "records.parquet").query("treatment == 'monolingual'")
    kept.to_parquet(second / "records.parquet")
    table = compare_studies(first, second)
    assert set(table["treatment"]) == {"monolingual"}
    assert str(OTHER) in set(table["target_language"])


def test_nothing_in_common(write: Write) -> None:
    first, second = write("a", score), write("b", score)
    pd.read_parquet(second / "records.parquet")[:0].to_parquet(second / "records.parquet")
    with pytest.raises(InputError, match="nothing that both measured"):
        compare_studies(first, second)


def test_other_test_examples_are_refused(write: Write) -> None:
    with pytest.raises(InputError, match="the same test examples in both") as refused:
        compare_studies(write("a", score), write("b", score, n_examples=200))
    assert refused.value.found == "300 and 200"


def test_a_study_and_itself(write: Write) -> None:
    with pytest.raises(InputError):
        compare_studies(write("a", score), write("a", score))


def test_a_folder_that_is_no_study(write: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"records\.parquet"):
        compare_studies(write("a", score), tmp_path)


def test_scores_of_different_splits_are_refused(write: Write) -> None:
    folders = write("a", score), write("b", score)
    (folders[1] / "study.json").write_text('{"scored_on": "dev"}')
    with pytest.raises(InputError, match="test and dev"):
        compare_studies(*folders)


def test_no_verdict_from_one_seed_or_from_a_plateau(write: Write) -> None:
    first, second = write("a", score), write("b", better)
    stuck = {"treatment": "untreated", "mixture": f"{BASE}+{OTHER}", "language": str(OTHER)}
    row = pd.DataFrame([{**stuck, "match": "", "left_plateau": False}])
    row.to_csv(second / "confounds.csv", index=False)
    table = compare_studies(first, second)
    held = (table["treatment"] == "untreated") & (
        (table["target_language"] == str(OTHER)) | (table["source_language"] == str(OTHER))
    )
    assert set(table[held]["verdict"]) == {"UNDECIDED"}
    assert set(table[~held]["verdict"]) == {"BETTER"}
    records = pd.read_parquet(first / "records.parquet")
    records[records["seed"] == 0].to_parquet(first / "records.parquet")
    assert set(compare_studies(first, second)["verdict"]) == {"UNDECIDED"}
