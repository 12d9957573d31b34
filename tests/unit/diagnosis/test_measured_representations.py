"""It measures each layer before and after, fires where translations are alike, and stays silent."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

import toys
from isogloss.core import Language
from isogloss.diagnosis import MEASUREMENTS, FinishedRun
from unit.evaluation.toys import LetterTokenizer

ENGLISH, SWAHILI = toys.PAIR
WORDS = [f"{a}{b} {c}" for a in "abcd" for b in "efgh" for c in "ijk"]


def _run(stage: str, pairs: list[tuple[str, str]], model: Any, pretrained: Any) -> FinishedRun:
    def of(first: Language, second: Language) -> list[tuple[str, str]]:
        assert (first, second) == (ENGLISH, SWAHILI)
        return pairs

    unused: Any = SimpleNamespace()
    tokenizer: Any = LetterTokenizer()
    return FinishedRun(
        stage=stage,
        folder=Path(),
        languages=toys.PAIR,
        learned=(ENGLISH,),
        result={},
        rows_per_update=4,
        scored_on="test",
        tokenizer=tokenizer,
        corpus=unused,
        unigram_nats=unused,
        text_facts=unused,
        pairs=of,
        model=lambda: model,
        pretrained=lambda: pretrained,
    )


def test_a_fine_tuning_is_measured_before_and_after() -> None:
    before, after = toys.model(toys.plan()), toys.model(toys.plan())
    with torch.no_grad():
        for weight in after.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    pairs = [(one, one[::-1]) for one in WORDS]
    rows = list(MEASUREMENTS["representations"].measure(_run("finetune", pairs, after, before)))
    n = before.n_layers + 1
    assert [row["state"] for row in rows] == ["pretrained"] * n + ["fine-tuned"] * n
    assert [row["layer"] for row in rows] == [*range(n)] * 2
    assert all(set(row) == set(MEASUREMENTS["representations"].columns) for row in rows)
    assert rows[n - 1]["centroid_relative"] != rows[-1]["centroid_relative"]
    assert {(row["language"], row["n"]) for row in rows} == {("swa-Latn", len(WORDS))}


def test_texts_that_are_one_are_found_alike() -> None:
    model = toys.model(toys.plan())
    rows = MEASUREMENTS["representations"].measure(
        _run("score", [(one, one) for one in WORDS], model, None)
    )
    for row in rows:
        assert row["state"] == "pretrained"
        assert (row["cka"], row["centroid_l2"]) == pytest.approx((1, 0), abs=1e-6)
        assert row["paired_distance"] == pytest.approx(0, abs=1e-6)
        assert row["cka_shuffled"] < 0.6


@pytest.mark.parametrize("n", [0, 19])
def test_nothing_is_said_without_parallel_text(n: int) -> None:
    pairs = [(one, one) for one in WORDS[:n]]
    model = toys.model(toys.plan())
    assert not list(MEASUREMENTS["representations"].measure(_run("score", pairs, model, None)))
