"""One look at the languages' gradients as numbers."""

import json
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.diagnosis import conflict_row, module_kind
from isogloss.gradients import GradientEngine

NAMES = ["eng-Latn", "swa-Latn"]
PAIR = "eng-Latn|swa-Latn"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("model.layers.0.attn.Wqkv", "attention"),
        ("bert.encoder.layer.3.attention.output.LayerNorm", "layer_norm"),
        ("roberta.encoder.layer.3.output.dense", "feed_forward"),
        ("bert.encoder.layer.3.attention.output.dense", "attention"),
        ("bert.embeddings.word_embeddings", "embedding"),
        ("classifier", "other"),
    ],
)
def test_kinds_of_modules(path: str, kind: str) -> None:
    assert module_kind(path) == kind


def linear(rows: Tensor, language: list[int]) -> dict[str, Any]:
    """Return the row of a linear model whose gradients are the sums of its rows."""
    model = nn.Sequential(nn.Linear(2, 1, bias=False))
    engine = GradientEngine(model)
    with engine.watch(language, halves=True):
        values = model(rows)
    values.sum().backward()
    return conflict_row(engine.take(), NAMES)


def test_values_worked_by_hand() -> None:
    # English: (1, 0) + (1, 2) = (2, 2); Swahili: (-1, 0) + (0, -1) = (-1, -1): opposite.
    rows = torch.tensor([[1.0, 0.0], [1.0, 2.0], [-1.0, 0.0], [0.0, -1.0]])
    row = linear(rows, [0, 0, 1, 1])
    assert row["cosine"][PAIR] == pytest.approx(-1)
    assert row["conflict_rate"] == 1
    assert row["norm"] == pytest.approx({"eng-Latn": 8**0.5, "swa-Latn": 2**0.5})
    root = 5**-0.5
    assert row["control"] == pytest.approx({"eng-Latn": root, "swa-Latn": 0})
    # Pairings: (1,0)(-1,0) = -1, (1,0)(0,-1) = 0, (1,2)(-1,0) = -1/sqrt 5, (1,2)(0,-1) = -2/sqrt 5.
    assert row["half"][PAIR] == pytest.approx((-1 - 3 * root) / 4)
    # Unbiased lengths: <(1,0),(1,2)> / (1/2 1/2) = 4, and 0 for Swahili, whose cosine has none.
    assert row["corrected"][PAIR] is None
    assert row["kinds"]["other"][PAIR] == pytest.approx(-1)
    assert row["coverage"] == 1


def test_a_gradient_that_is_not_finite_is_named_and_left_out() -> None:
    rows = torch.tensor([[1.0, 0.0], [1.0, 2.0], [float("nan"), 0.0], [0.0, -1.0]])
    row = linear(rows, [0, 0, 1, 1])
    assert row["not_finite"] == ["swa-Latn"]
    assert row["languages"] == ["eng-Latn"]
    assert row["cosine"] == {}
    assert list(row["norm"]) == ["eng-Latn"]
    json.dumps(row, allow_nan=False)


def test_a_language_with_one_row_has_no_halves() -> None:
    engine = GradientEngine(nn.Linear(2, 1))
    with (
        pytest.raises(InputError, match="two sequences"),
        engine.watch([0, 0, 1], present=[0, 1], halves=True),
    ):
        pass
