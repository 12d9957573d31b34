"""Gradient conflict: what one measurement of the languages' gradients says, as plain numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from isogloss.gradients import LanguageGradients, conflict_rate, cosines, norms, same_language

# Norms first: `attention.output.LayerNorm` is a norm. The first that a module's path matches.
_KINDS: Final = {
    "layer_norm": r"norm",
    "embedding": r"embed",
    "attention": r"att",
    "feed_forward": r"mlp|ffn|feed_forward|intermediate|output\.dense|fc\d",
}
OTHER_KIND: Final = "other"


def module_kind(path: str) -> str:
    """Return what a module is, by its path in the model.

    Example:
        >>> module_kind("bert.encoder.layer.0.attention.self.query"), module_kind("layers.0.mlp.Wi")
        ('attention', 'feed_forward')
    """
    found = (kind for kind, words in _KINDS.items() if re.search(words, path, re.IGNORECASE))
    return next(found, OTHER_KIND)


def pair_name(first: str, second: str) -> str:
    """Return the name of a pair of languages, `eng-Latn|swa-Latn`."""
    return f"{first}|{second}"


def conflict_row(found: LanguageGradients, names: Sequence[str]) -> dict[str, Any]:
    """Return one measurement of the gradients as a row of `conflict.jsonl`.

    Languages whose gradient is not finite are named under `not_finite` and left out of every
    number. With halves watched there are `corrected` cosines (unbiased lengths), `half` (the cosine
    of half of one language's rows with half of the other's, the mean over the four pairings) and
    the control line `control` (the cosine of a language's two halves). `half` and `control` have
    the same noise, so they may be held against one another.

    Args:
        found: of one watched pass.
        names: of all languages, by index.

    Returns:
        `languages`, `cosine`, `corrected`, `half` (by pair), `norm`, `control` (by language),
        `conflict_rate`, `layers`, `kinds` (by name, then by pair), `not_finite`, `coverage` and
        `unseen` (names of shared parameters that were not seen).
    """
    keep, lost = _finite(found)
    present = [names[found.languages[place]] for place in keep]
    whole = _among(found.gramian(), keep)
    row: dict[str, Any] = {
        "languages": present,
        "cosine": _by_pair(cosines(whole), present),
        "norm": _by_name(norms(whole), present),
        "conflict_rate": _number(conflict_rate(whole)),
        "layers": _grouped(found.by_layer(), keep, present),
        "kinds": _grouped(_by_kind(found.by_module()), keep, present),
        "not_finite": [names[found.languages[place]] for place in lost],
        "coverage": found.coverage.share,
        "unseen": list(found.coverage.unseen),
    }
    if found.shares is not None:
        parts = [2 * place + half for place in keep for half in (0, 1)]
        halves = _among(found.over_halves(), parts)
        corrected = _among(found.gramian(corrected=True), keep)
        row["corrected"] = _by_pair(cosines(corrected), present)
        row["half"] = _by_pair(_between_halves(halves), present)
        row["control"] = _by_name(same_language(halves), present)
    return row


def _finite(found: LanguageGradients) -> tuple[list[int], list[int]]:
    """Return the places of the languages whose gradients are finite, and of the others."""
    halves = 1 if found.shares is None else 2
    lengths = found.over_halves().diagonal().view(-1, halves).sum(1)
    places = range(len(found.languages))
    keep = [place for place in places if bool(lengths[place].isfinite())]
    return keep, [place for place in places if place not in keep]


def _between_halves(gramian: Tensor) -> Tensor:
    """Return the mean cosine over the four pairings of halves, [languages, languages]."""
    n = len(gramian) // 2
    return cosines(gramian).view(n, 2, n, 2).mean((1, 3))


def _by_kind(by_module: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Sum the Gramians of modules of one kind."""
    found: dict[str, Tensor] = {}
    for unit, gramian in by_module.items():
        kind = module_kind(unit)
        found[kind] = found[kind] + gramian if kind in found else gramian
    return found


def _grouped(
    gramians: Mapping[str, Tensor], keep: Sequence[int], present: Sequence[str]
) -> dict[str, dict[str, float | None]]:
    """Return the cosines of every pair in each group of modules."""
    return {
        name: _by_pair(cosines(_among(gramian, keep)), present)
        for name, gramian in gramians.items()
    }


def _among(gramian: Tensor, keep: Sequence[int]) -> Tensor:
    index = torch.tensor(list(keep), dtype=torch.long)
    return gramian[index][:, index]


def _by_pair(square: Tensor, names: Sequence[str]) -> dict[str, float | None]:
    """Return the entries above the diagonal by pair; None where there is no number."""
    return {
        pair_name(names[i], names[j]): _number(float(square[i, j]))
        for i in range(len(names))
        for j in range(i + 1, len(names))
    }


def _by_name(values: Iterable[Tensor], names: Sequence[str]) -> dict[str, float | None]:
    return {name: _number(float(value)) for name, value in zip(names, values, strict=True)}


def _number(value: float) -> float | None:
    """Return a number, or None for what JSON has no number for."""
    return value if value - value == 0.0 else None
