"""NeMo Evaluator: `results.jsonl` and the bundle, as `engine/artifacts.py` writes them."""

import json
from pathlib import Path

from isogloss.comparison.readers import Asked
from isogloss.comparison.readers.nemo import NEMO


def row(place: int, repeat: int, reward: float) -> dict[str, object]:
    return {
        "problem_idx": place,
        "repeat": repeat,
        "reward": reward,
        "prompt": f"Tatizo {place}",
        "expected_answer": "7",
        "model_response": "Jibu ni 7",
        "metadata": {"category": "algebra"},
    }


def test_results_are_read(tmp_path: Path) -> None:
    rows = [row(0, 0, 1.0), row(0, 1, 0.0), row(1, 0, 1.0)]
    (tmp_path / "results.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    bundle = {"run_id": "eval-20260225T143012Z-mgsm_sw", "benchmark": {"name": "mgsm_sw"}}
    (tmp_path / "eval-20260225T143012Z-mgsm_sw.json").write_text(json.dumps(bundle))
    assert NEMO.recognises(tmp_path)
    [read] = NEMO.read(tmp_path, Asked(with_text=True))
    assert read.task == "mgsm_sw"
    assert read.table[["example", "repeat", "score", "domain"]].values.tolist() == [
        ["0", "0", 1.0, "algebra"],
        ["0", "1", 0.0, "algebra"],
        ["1", "0", 1.0, "algebra"],
    ]
    assert read.table["text"].iloc[0] == "Tatizo 0 → Jibu ni 7"


def test_without_a_bundle_the_folder_names_the_task(tmp_path: Path) -> None:
    folder = tmp_path / "mgsm_te"
    folder.mkdir()
    (folder / "results.jsonl").write_text(json.dumps({"problem_idx": 0, "reward": 0.5}) + "\n")
    [read] = NEMO.read(folder / "results.jsonl", Asked())
    assert read.task == "mgsm_te"


def test_other_lines_are_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text('{"id": 1, "score": 2}\n')
    assert not NEMO.recognises(tmp_path)
