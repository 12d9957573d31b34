"""lm-evaluation-harness, `--log_samples`: lines as `evaluator.py` makes them."""

import json
import math
from pathlib import Path

import pytest

from isogloss.comparison.readers import Asked
from isogloss.comparison.readers.lm_eval import LM_EVAL
from isogloss.core import InputError

TIME = "2025-03-01T10-20-30.123456"


def sample(doc_id: int, **changes: object) -> dict[str, object]:
    return {
        "doc_id": doc_id,
        "doc": {"premise": "Alienda.", "hypothesis": "Alibaki.", "label": 2},
        "target": 2,
        "arguments": {"gen_args_0": {"arg_0": f"Alienda, sahihi? {doc_id}", "arg_1": " Hapana"}},
        "resps": [[["-3.25", "False"]], [["-2.5", "True"]]],
        "filtered_resps": [["-3.25", "False"], ["-2.5", "True"]],
        "filter": "none",
        "metrics": ["acc", "acc_norm"],
        "doc_hash": "d0",
        "prompt_hash": "p0",
        "target_hash": "t0",
        "acc": 1.0,
        "acc_norm": 0.0,
        **changes,
    }


def write(folder: Path, task: str, rows: list[dict[str, object]], time: str = TIME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"samples_{task}_{time}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_folder_is_recognised_and_read(tmp_path: Path) -> None:
    write(tmp_path, "xnli_sw", [sample(0), sample(1, acc=0.0)])
    write(tmp_path, "belebele_swh_Latn", [sample(0)])
    (tmp_path / f"results_{TIME}.json").write_text("{}")
    assert LM_EVAL.recognises(tmp_path)
    tables = list(LM_EVAL.read(tmp_path, Asked()))
    assert [one.task for one in tables] == ["belebele_swh_Latn", "xnli_sw"]
    assert tables[1].table[["example", "score"]].values.tolist() == [["0", 1.0], ["1", 0.0]]
    assert "scored by `acc`; --score takes another of `acc_norm`" in tables[1].notices[0]


def test_another_metric_and_filter(tmp_path: Path) -> None:
    rows = [
        sample(0, metrics=["exact_match"], exact_match=value, filter=name)
        for name, value in (("strict-match", 0.0), ("flexible-extract", 1.0))
    ]
    file = write(tmp_path, "mgsm_direct_sw", rows)
    assert LM_EVAL.recognises(file)
    [first] = LM_EVAL.read(file, Asked())
    [asked] = LM_EVAL.read(file, Asked("exact_match,flexible-extract"))
    assert (first.table["score"].tolist(), asked.table["score"].tolist()) == ([0.0], [1.0])
    with pytest.raises(InputError, match="Did you mean"):
        list(LM_EVAL.read(file, Asked("exact_match,flexible")))


def test_bits_per_byte_are_counts(tmp_path: Path) -> None:
    rows = [
        sample(
            0,
            metrics=["word_perplexity", "bits_per_byte"],
            word_perplexity=[-69.3, 12],
            bits_per_byte=[-69.3, 61],
        )
    ]
    [read] = LM_EVAL.read(write(tmp_path, "wikitext_sw", rows), Asked())
    assert read.table["bits"].tolist() == pytest.approx([69.3 / math.log(2)])
    assert read.table["bytes"].tolist() == [61]


def test_corpus_scores_are_refused_with_the_reason(tmp_path: Path) -> None:
    rows = [sample(0, metrics=["bleu"], bleu=["a reference", "an answer"])]
    with pytest.raises(InputError, match="exist for a whole corpus only"):
        list(LM_EVAL.read(write(tmp_path, "flores", rows), Asked()))


def test_the_newest_run_of_a_task_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "xnli_sw", [sample(0, acc=0.0)], "2025-02-01T10-20-30.123456")
    write(tmp_path, "xnli_sw", [sample(0)])
    [read] = LM_EVAL.read(tmp_path, Asked())
    assert read.table["score"].tolist() == [1.0]
    assert read.notices[0] == "1 older files of the same tasks were left out."


def test_text_and_language_of_an_example(tmp_path: Path) -> None:
    rows = [
        sample(0, doc={"language": "sw"}),
        sample(1, doc={"language": "sw"}, arguments=[["Je?"]]),
    ]
    [read] = LM_EVAL.read(write(tmp_path, "arc", rows), Asked(with_text=True))
    assert read.table["language"].tolist() == ["sw", "sw"]
    assert read.table["text"].iloc[0].startswith("Alienda, sahihi? 0 → ")
    assert read.table["text"].iloc[1].startswith("Je? → ")
