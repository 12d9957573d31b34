from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from isogloss.core import InputError
from isogloss.evaluation import Cell, PredictionTable, write_predictions
from isogloss.study import Prepared, Run, StudyPlan, compare_studies, plan_study
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import records
from isogloss.study.store.run_folder import run_folder, write_frame
from unit.study import toys
from unit.study.toys import BASE, OTHER, PAIR

SPLITS = ("train", "dev", "test")

Write = Callable[..., Path]


def score(run: Run, cell: Cell) -> float:
    return 2.0 if cell.metric == "bits_per_byte" else 0.5


def better(run: Run, cell: Cell) -> float:
    return 1.5 if cell.metric == "bits_per_byte" else 0.9


@pytest.fixture(scope="module")
def plan(prepared: Prepared) -> StudyPlan:
    """Return the plan of a study of the task `pos` and four seeds."""
    return plan_study(toys.spec(tasks=["pos"], seeds=[0, 1, 2, 3]), prepared, {})


def write_provenance(folder: Path, changed: str = "", **changes: object) -> None:
    """Write a `spec.yaml` as a finished study has it; the data of one key may be another."""
    kinds = ("text", "parallel", "pos")
    data = {f"{kind}/{one}/{split}": "a" for kind in kinds for one in PAIR for split in SPLITS}
    if changed:
        data[changed] = "b"
    content = {**toys.spec().model_dump(mode="json"), **changes}
    content["provenance"] = {"tokenizer": changes.get("fingerprint", "t"), "data": data}
    (folder / "spec.yaml").write_text(yaml.safe_dump(content))


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
        write_provenance(folder)
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


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"scored_on": "dev"}, "test and dev"),
        ({"fingerprint": "other", "tokenizer": {"vocabulary_size": 700}}, "of 400 and 700 tokens"),
        ({"fingerprint": "other"}, "two tokenizers"),
        ({"pretraining": {"length": 32}}, "text in sequences of 24 and of 32 tokens"),
        ({"changed": "text/qaa-Latn/test"}, "two versions of the test data"),
        ({"changed": "pos/qab-Latn/test"}, "`pos/qab-Latn/test`"),
    ],
)
def test_another_test_is_refused_though_the_shapes_agree(
    changes: dict[str, object], found: str, write: Write
) -> None:
    folders = write("a", score), write("b", better)
    write_provenance(folders[1], **changes)
    with pytest.raises(InputError) as refused:
        compare_studies(*folders)
    assert found in refused.value.found


def test_other_training_data_are_no_other_test(write: Write) -> None:
    folders = write("a", score), write("b", better)
    write_provenance(folders[1], "text/qaa-Latn/train")
    assert set(compare_studies(*folders)["verdict"]) == {"BETTER"}


@pytest.mark.parametrize("content", ["name: micro\n", "[1]\n", "provenance: {data: 3}\n", None])
def test_a_study_that_does_not_say_its_test_is_refused(content: str | None, write: Write) -> None:
    folders = write("a", score), write("b", better)
    if content is None:
        (folders[1] / "spec.yaml").unlink()
    else:
        (folders[1] / "spec.yaml").write_text(content)
    with pytest.raises(InputError, match="Give that study's command again") as refused:
        compare_studies(*folders)
    assert refused.value.where == str(folders[1] / "spec.yaml")


def test_examples_without_a_fingerprint_are_not_paired(write: Write) -> None:
    folders = write("a", score), write("b", better)
    for folder in folders:
        path = folder / "spec.yaml"
        path.write_text(path.read_text().replace("pos/qaa-Latn/test", "pos/xxx/test"))
    with pytest.raises(InputError, match="the fingerprint of the pos test data of qaa-Latn"):
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
