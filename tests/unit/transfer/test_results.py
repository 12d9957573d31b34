from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.core import METRICS
from isogloss.transfer import MatrixSpec
from isogloss.transfer.arms import BASELINE, effects
from isogloss.transfer.results import FEW_EXAMPLES, counts_of, first_metric, measure
from isogloss.transfer.scoring import Place
from unit.transfer import toys


def test_the_first_metric() -> None:
    assert [first_metric(task) for task in ("ner", "qa", "masked_lm")] == [
        "entity_f1",
        "qa_f1",
        "bits_per_byte",
    ]


def test_a_cell_is_the_mean_change_of_its_runs(done: tuple[Path, MatrixSpec], bed: Path) -> None:
    folder, spec = done
    store = toys.cells_of(spec, bed, folder)
    one = effects(spec)[1]
    runs = counts_of(store, "pos", one.treated, toys.QAC, "pos_accuracy")
    before = store.read(Place("pos", BASELINE, toys.QAC))[0]["pos_accuracy"]
    value = METRICS["pos_accuracy"].value
    gain = float(np.mean([value(run.sum(0)) for run in runs]) - value(before.sum(0)))
    cells = pd.read_csv(folder / "cells.csv")
    chosen = (cells["transfer"].str.startswith("qab")) & (cells["arm"] == "alone")
    [row] = cells[chosen & cells["target"].str.startswith("qac")].to_dict("records")
    assert row["gain"] == pytest.approx(gain)
    assert row["value"] - row["baseline"] == pytest.approx(gain)
    assert row["unseen_target"]
    assert not row["unseen_transfer"]
    records = pd.read_csv(folder / "runs.csv")
    own = records[(records["transfer"] == row["transfer"]) & (records["target"] == row["target"])]
    assert own["gain"].mean() == pytest.approx(gain)
    assert list(own["seed"]) == [0, 1]


def test_few_examples_get_no_verdict(bed: Path, body: Path, tmp_path: Path) -> None:
    spec = toys.spec(body, test_examples=20, targets=["qaa"], transfer_languages=["qaa", "qab"])
    store = toys.cells_of(spec, bed, tmp_path)
    planned = effects(spec)
    wanted = {(index, "pos", toys.QAA): 2 for index in range(len(planned))}
    store.fill(
        [Place("pos", one, toys.QAA) for effect in planned for one in (BASELINE, *effect.treated)]
    )
    found = measure(store, planned, wanted)
    assert found.rows[0].change.n_examples == 20 < FEW_EXAMPLES
    assert {row.verdict for row in found.rows} == {"undecided"}
    assert found.open_cells == ()
