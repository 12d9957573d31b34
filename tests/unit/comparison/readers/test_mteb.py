"""MTEB: results as `TaskResult.to_disk` writes them hold means only."""

import json
from pathlib import Path

import pytest

from isogloss.comparison.readers import Asked
from isogloss.comparison.readers.mteb import MTEB
from isogloss.core import InputError


def write(folder: Path, **more: object) -> None:
    row = {
        "hf_subset": "swh_Latn",
        "languages": ["swh-Latn"],
        "main_score": 0.61,
        "ndcg_at_10": 0.61,
        **more,
    }
    content = {
        "dataset_revision": "9ae2",
        "task_name": "BelebeleRetrieval",
        "mteb_version": "2.1.0",
        "scores": {"test": [row]},
        "evaluation_time": 12.5,
        "kg_co2_emissions": None,
    }
    (folder / "BelebeleRetrieval.json").write_text(json.dumps(content))
    (folder / "model_meta.json").write_text(json.dumps({"name": "model", "mteb_version": "2.1.0"}))


def test_means_are_refused_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path)
    assert MTEB.recognises(tmp_path)
    with pytest.raises(
        InputError, match=r"one number for each of 1 subsets.*say nothing about chance"
    ):
        list(MTEB.read(tmp_path, Asked()))


def test_values_of_queries_are_read(tmp_path: Path) -> None:
    write(tmp_path, ndcg_at_10_per_query={"q1": 0.5, "q2": 1.0}, recall_at_10_per_query=[1, 1])
    [read] = MTEB.read(tmp_path, Asked())
    assert read.task == "BelebeleRetrieval"
    assert read.table.values.tolist() == [
        ["swh_Latn:q1", "swh-Latn", 0.5],
        ["swh_Latn:q2", "swh-Latn", 1.0],
    ]
    [other] = MTEB.read(tmp_path, Asked("recall_at_10"))
    assert other.table["example"].tolist() == ["swh_Latn:0", "swh_Latn:1"]


def test_a_pair_is_in_the_language_that_is_not_english(tmp_path: Path) -> None:
    write(tmp_path, languages=["eng-Latn", "tel-Telu"], f1_per_example=[1, 0])
    [read] = MTEB.read(tmp_path, Asked())
    assert set(read.table["language"]) == {"tel-Telu"}
