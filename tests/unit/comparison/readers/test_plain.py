import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.comparison.readers import Asked, read_scores
from isogloss.comparison.readers.plain import MLPERF, PLAIN
from isogloss.core import InputError

ROWS = [
    {"language": "sw", "example": "001", "score": 0.5},
    {"language": "te", "example": "002", "score": 1.0},
]


def write(path: Path) -> Path:
    frame = pd.DataFrame(ROWS)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".tsv":
        frame.to_csv(path, index=False, sep="\t")
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.parquet"])
def test_tables_are_read(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    assert PLAIN.recognises(path)
    assert not MLPERF.recognises(path)
    [read] = PLAIN.read(path, Asked())
    assert read.table[["example", "score"]].astype({"example": "str"}).values.tolist() == [
        ["001", 0.5],
        ["002", 1.0],
    ]


def test_several_files_are_several_tasks(tmp_path: Path) -> None:
    for name in ("xnli.csv", "pawsx.csv"):
        write(tmp_path / name)
    assert [one.task for one in PLAIN.read(tmp_path, Asked())] == ["pawsx", "xnli"]


def test_names_of_mlperf(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.csv"
    path.write_text(
        "qsl_idx,dataset,ground_truth,prompt_accuracy\n0,mgsm_sw,7,1.0\n1,mgsm_te,3,0\n"
    )
    assert MLPERF.recognises(path)
    [read] = MLPERF.read(path, Asked())
    assert read.table[["example", "task", "score"]].values.tolist() == [
        ["0", "mgsm_sw", 1.0],
        ["1", "mgsm_te", 0.0],
    ]


def test_a_column_that_is_asked_for_is_the_score(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("example,language,score,chrf\na,sw,1,0.25\n")
    [read] = PLAIN.read(path, Asked("chrf"))
    assert read.table["score"].tolist() == [0.25]


def test_text_is_kept_only_where_it_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("example,language,score,question,answer\na,sw,1,Swali,Jibu\n")
    [without], [shown] = PLAIN.read(path, Asked()), PLAIN.read(path, Asked(with_text=True))
    assert "Swali" not in without.table.to_csv()
    assert shown.table["text"].tolist() == ["Swali → Jibu"]


def test_a_damaged_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n{cut off")
    with pytest.raises(InputError, match="a table with a row an example"):
        list(PLAIN.read(path, Asked()))


def test_mlperf_scores_as_json(tmp_path: Path) -> None:
    rows = [
        {
            "seq_id": at,
            "qsl_idx": at,
            "dataset": task,
            "is_correct": right,
            "extracted_answer": "7",
            "ground_truth": "7",
            "evaluation_details": "Correct",
            "token_count": 12,
            "model_output_preview": "Jibu ni 7",
        }
        for at, (task, right) in enumerate((("mgsm_sw", True), ("mgsm_te", False)))
    ]
    path = tmp_path / "accuracy_results.json"
    path.write_text(json.dumps({"summary": {"total_samples": 2}, "detailed_results": rows}))
    scored = read_scores(path)
    assert scored.frame[["task", "example", "count_0"]].values.tolist() == [
        ["mgsm_sw", "0", 1.0],
        ["mgsm_te", "1", 0.0],
    ]
    assert scored.slices == ()
    for content in (
        {"summary": {"qsl_idx": 1}, "detailed_results": None},
        [rows[0] | {"data": ""}],
    ):
        path.write_text(json.dumps(content).replace("is_correct", "n"))
        with pytest.raises(InputError, match="outputs without scores"):
            read_scores(path)
    path.write_text('{"qsl_idx": ')
    with pytest.raises(InputError, match="a damaged file"):
        read_scores(path)
