"""Which of a training's checkpoints is tested: chosen by dev scores of the source, or of all."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from isogloss.core import InputError, Language, read_json, replacing, write_atomically
from isogloss.evaluation import PredictionTable
from isogloss.study.store.run_folder import RunFolder

Scores = Mapping[Language, float]
RULES: Final = ("source_dev", "all_dev")


class Selection:
    """The best checkpoints of a training by each rule, kept on disk, for a resumed run.

    At every dev point the model is scored on each language with dev data. `source_dev` is the
    score of the source language: what zero-shot transfer may know. `all_dev` is the mean over all
    languages that have dev data: published systems that read translations choose by it, although
    labelled dev data of the target languages are what zero-shot transfer does without. Of equal
    scores the earliest is taken.

    Args:
        folder: of the run.
        score: a classifier -> its dev score in each language, higher is better.
        source: the language of `source_dev`.
    """

    def __init__(
        self, folder: RunFolder, score: Callable[[nn.Module], Scores], source: Language
    ) -> None:
        self._folder = folder.path / "checkpoint"
        self._score = score
        self._source = source
        path = self._folder / "selection.json"
        self._best: dict[str, dict[str, Any]] = _read(path) if path.is_file() else {}
        self._n_points = max((one["dev_points"] for one in self._best.values()), default=0)

    def at_dev_point(self, classifier: nn.Module) -> None:
        """Score a classifier on dev data and keep it where it is the best so far.

        Args:
            classifier: left as it was.

        Raises:
            InputError: there are no dev data of the source language.
        """
        scores = self._score(classifier)
        self._n_points += 1
        for rule, value in by_rule(scores, self._source).items():
            if value > self._best.get(rule, {}).get("value", -math.inf):
                weights = {
                    name: one.detach().cpu().contiguous().clone()
                    for name, one in classifier.named_parameters()
                }
                with replacing(self._folder / f"{rule}.safetensors") as partial:
                    save_file(weights, partial)
                self._best[rule] = {"value": value, "dev_point": self._n_points}
        for one in self._best.values():
            one["dev_points"] = self._n_points
        write_atomically(self._folder / "selection.json", json.dumps(self._best))

    def tested(
        self,
        classifier: nn.Module,
        last: list[PredictionTable],
        test: Callable[[nn.Module], list[PredictionTable]],
    ) -> list[dict[str, Any]]:
        """Return the test scores of the last checkpoint and of those that the rules chose.

        Args:
            classifier: as the training left it, and as it is left here.
            last: its test predictions.
            test: a classifier -> its test predictions, of the same cells.

        Returns:
            One row per language and metric.
        """
        end = {name: one.detach().clone() for name, one in classifier.named_parameters()}
        found = {"last": last}
        for rule in RULES:
            path = self._folder / f"{rule}.safetensors"
            _load(classifier, load_file(path))
            found[rule] = test(classifier)
            path.unlink()
        _load(classifier, end)
        by_cell = {rule: {one.cell: one.score() for one in found[rule]} for rule in found}
        return [
            {
                "language": str(cell.target_language),
                "metric": cell.metric,
                "setting": cell.setting,
                **{rule: scores[cell] for rule, scores in by_cell.items()},
                **{f"{rule}_point": self._best[rule]["dev_point"] for rule in RULES},
                "dev_points": self._n_points,
            }
            for cell in by_cell["last"]
        ]


def by_rule(scores: Scores, source: Language) -> dict[str, float]:
    """Return the number that each rule chooses by.

    Args:
        scores: of each language that has dev data; others are not counted.
        source: the language of `source_dev`.

    Raises:
        InputError: the source has no dev data.

    Example:
        >>> english, swahili = Language.parse("en"), Language.parse("sw")
        >>> by_rule({english: 0.9, swahili: 0.5}, english)
        {'source_dev': 0.9, 'all_dev': 0.7}
    """
    if source not in scores:
        raise InputError(
            expected=f"dev data of {source}, to choose a checkpoint by",
            found=f"dev data of {', '.join(map(str, scores)) or 'no language'}",
            where="measurements, `selection`",
            next_step="Add dev data, or leave the measurement out: the last checkpoint is tested.",
        )
    return {"source_dev": scores[source], "all_dev": float(np.mean(list(scores.values())))}


def _read(path: Path) -> dict[str, dict[str, Any]]:
    step = "Remove the run's folder and run the study again: only it is repeated."
    return read_json(path, what="the choices of a training", next_step=step)


def _load(classifier: nn.Module, weights: Mapping[str, torch.Tensor]) -> None:
    with torch.no_grad():
        for name, one in classifier.named_parameters():
            one.copy_(weights[name])
