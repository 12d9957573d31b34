"""The best look by each rule is kept, survives an interruption and is tested."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from isogloss.core import InputError, Language
from isogloss.evaluation import Cell, PredictionTable
from isogloss.study.run.selection import Selection, by_rule
from isogloss.study.store.run_folder import RunFolder

EN, SW, TE = (Language.parse(code) for code in ("en", "sw", "te"))
# Dev scores at four looks: English is best at the second, the mean at the third.
LOOKS = [{EN: 0.5, SW: 0.1}, {EN: 0.9, SW: 0.1}, {EN: 0.8, SW: 0.6}, {EN: 0.9, SW: 0.4}]


def _train(folder: Path, looks: range, model: nn.Linear) -> Selection:
    selection = Selection(RunFolder(folder), lambda one: LOOKS[int(one.bias.item())], EN)
    for look in looks:
        model.bias.data.fill_(look)
        selection.at_dev_point(model)
    return selection


def _test(model: nn.Module) -> list[PredictionTable]:
    """Score a model by the number of its look, in tenths."""
    assert isinstance(model, nn.Linear)
    right = int(model.bias.item())
    counts = np.array([[float(n < right), 1.0] for n in range(10)])
    cell = Cell.of("ner", "accuracy", EN, SW)
    return [PredictionTable(cell, counts, ("x",) * 10)]


@pytest.mark.parametrize("interrupted", [False, True])
def test_each_rule_has_its_own_checkpoint(tmp_path: Path, interrupted: bool) -> None:
    model = nn.Linear(1, 1)
    if interrupted:
        _train(tmp_path, range(2), model)
        selection = _train(tmp_path, range(2, 4), model)
    else:
        selection = _train(tmp_path, range(4), model)
    [row] = selection.tested(model, _test(model), _test)
    assert (row["last"], row["source_dev"], row["all_dev"]) == (0.3, 0.1, 0.2)
    assert (row["source_dev_point"], row["all_dev_point"], row["dev_points"]) == (2, 3, 4)
    assert (row["language"], row["metric"], row["setting"]) == (str(SW), "accuracy", "zero_shot")
    assert model.bias.item() == 3  # as the training left it
    assert not list(tmp_path.rglob("*.safetensors"))


def test_tied_weights_are_kept_once_and_come_back(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[1].weight = model[0].weight
    selection = Selection(RunFolder(tmp_path), lambda _: {EN: 1.0}, EN)
    before = model[0].weight.detach().clone()
    selection.at_dev_point(model)
    with torch.no_grad():
        model[0].weight.add_(1)
    seen: list[bool] = []

    def test(one: nn.Module) -> list[PredictionTable]:
        seen.append(bool((model[1].weight == before).all()))
        return []

    assert selection.tested(model, [], test) == []
    assert seen == [True, True]
    assert (model[1].weight == before + 1).all()


def test_languages_without_dev_data_are_not_counted() -> None:
    assert by_rule({EN: 0.8, SW: 0.4}, EN) == pytest.approx({"source_dev": 0.8, "all_dev": 0.6})
    with pytest.raises(InputError, match=r"dev data of eng-Latn.*Found dev data of swa-Latn"):
        by_rule({SW: 0.4}, EN)
