"""Language neurons: hidden units that one language uses, and what all lose when they are off.

Reference:
    Tang, Luo, Huang, Zhang, Wang, Zhao, Wei, Wen. Language-Specific Neurons: The Key to
    Multilingual Capabilities in Large Language Models. ACL 2024. https://arxiv.org/abs/2402.16438
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from isogloss.core import Language
from isogloss.data import EncodedCorpus, Tokenizer
from isogloss.diagnosis.sharing.gates import frozen, gate_places
from isogloss.diagnosis.sharing.losses import Criterion, GatedText
from isogloss.models import MultilingualModel

Row = dict[str, Any]
Probabilities = NDArray[np.float64]

_PERCENTILE: Final = 95


@dataclass(frozen=True)
class NeuronSettings:
    """How language neurons are found and tested.

    Attributes:
        share: of all hidden units that are called language neurons, over all languages.
        batches: of text that activations are counted on, and that the test reads.
        rows: sequences per batch and language.
        length: tokens of a sequence.
        draws: random sets of units that each language's are compared with.
        criterion: the loss of the test, see `GatedText`.
    """

    share: float = 0.02
    batches: int = 8
    rows: int = 8
    length: int = 64
    draws: int = 3
    criterion: Criterion = "masked_lm"


def activation_entropy(probabilities: Probabilities) -> NDArray[np.float64]:
    """Return LAPE, the entropy over languages of a unit's activation probabilities.

    p'_k = p_k / sum_k p_k, LAPE = - sum_k p'_k log p'_k: 0 where one language alone activates the
    unit, log(languages) where all do alike.

    Args:
        probabilities: shape [languages, units].

    Returns:
        Nats, shape [units]; nan where no language activates the unit.

    Example:
        >>> activation_entropy(np.array([[0.3, 0.5], [0.0, 0.5]])).round(3).tolist()
        [0.0, 0.693]
    """
    total = probabilities.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = probabilities / total
        return -np.where(p > 0, p * np.log(p), 0.0).sum(axis=0) + np.where(total > 0, 0.0, np.nan)


def language_neurons(probabilities: Probabilities, share: float) -> tuple[NDArray[np.int64], ...]:
    """Return the units of each language: lowest entropy first, of those that it activates often.

    A unit counts where some language activates it with a probability above the 95th percentile of
    all probabilities; of these, the `share` of all units with the lowest entropy are language
    neurons, and belong to each language that activates them above that percentile.

    Args:
        probabilities: shape [languages, units].
        share: of the units.

    Returns:
        Indices of units by language, ascending; a unit may belong to several.

    Differs from the official code:
        The same rule with the rates 0.95, 0.95 and `share` for its 0.01: small models have too few
        units for that.
    """
    bar = np.percentile(probabilities, _PERCENTILE)
    # With few languages and units that are always on the percentile is 1: then 1 is above it.
    often = probabilities >= bar if bar >= 1 else probabilities > bar
    entropy = np.where(often.any(axis=0), activation_entropy(probabilities), np.inf)
    entropy = np.where(np.isnan(entropy), np.inf, entropy)
    wanted = min(math.ceil(share * len(entropy)), int(np.isfinite(entropy).sum()))
    lowest = np.sort(np.argsort(entropy, kind="stable")[:wanted])
    return tuple(lowest[of_language[lowest]] for of_language in often)


@dataclass(frozen=True)
class NeuronMap:
    """The language neurons of a model.

    Attributes:
        languages: in the order of `neurons`.
        neurons: indices of hidden units, all layers one after the other.
        layer: of each hidden unit, shape [units].
        probabilities: of activation, shape [languages, units].
        ablation: one row per language whose neurons are off and language that is read.
    """

    languages: tuple[Language, ...]
    neurons: tuple[NDArray[np.int64], ...]
    layer: NDArray[np.int64]
    probabilities: Probabilities
    ablation: tuple[Row, ...]

    def rows(self) -> list[Row]:
        """Return how many language neurons each language has in each layer."""
        entropy = activation_entropy(self.probabilities)
        return [
            {
                "language": str(language),
                "layer": layer,
                "n_units": int((self.layer == layer).sum()),
                "n_neurons": len(own),
                "mean_entropy": float(entropy[own].mean()) if len(own) else math.nan,
            }
            for language, of_language in zip(self.languages, self.neurons, strict=True)
            for layer in np.unique(self.layer).tolist()
            for own in [of_language[self.layer[of_language] == layer]]
        ]


def measure_neurons(
    model: MultilingualModel,
    tokenizer: Tokenizer,
    corpora: Callable[[Language, str], EncodedCorpus],
    languages: Sequence[Language],
    settings: NeuronSettings | None = None,
    *,
    held_out: str = "dev",
) -> NeuronMap:
    """Find the language neurons of a frozen model, and switch them off.

    A directed map from one model and no training: what does language B lose when the neurons of A
    are off, beside as many random units of the same layers?

    Args:
        model: finished.
        tokenizer: of the model.
        corpora: (language, split) -> text; activations are counted on `train`.
        languages: of the model, in its order.
        settings: how.
        held_out: split that is read with neurons off.

    Returns:
        The map; activations are counted in constant memory.
    """
    chosen = settings or NeuronSettings()
    places = tuple(one for one in gate_places(model, "units") if one.sublayer == "feed_forward")
    text = GatedText(
        model,
        places,
        {one: corpora(one, "train") for one in languages},
        [(one, 0) for one in languages],
        tokenizer,
        chosen.rows,
        chosen.length,
        criterion="representation",
    )
    layer = np.concatenate([np.full(one.n_gates, one.layer) for one in places])
    with frozen(model):
        probabilities = activation_probabilities(text, chosen.batches)
        neurons = language_neurons(probabilities, chosen.share)
        test = replace(
            text,
            corpora={one: corpora(one, held_out) for one in languages},
            criterion=chosen.criterion,
        )
        ablation = _ablation(test, neurons, layer, chosen)
    return NeuronMap(tuple(languages), neurons, layer, probabilities, tuple(ablation))


@torch.no_grad()
def activation_probabilities(text: GatedText, batches: int) -> Probabilities:
    """Return how often each hidden unit is active, that is above 0 before what it is gated with.

    Args:
        text: whose first set of each language is read, through a frozen model.
        batches: of text.

    Returns:
        Shape [languages, units].
    """
    n_sets = len(text.sets)
    counts = torch.zeros(n_sets, sum(one.n_gates for one in text.places), dtype=torch.float64)
    n_tokens = 0
    for update in range(batches):
        batch = text.batch(update)
        with _watching(text, partial(_count, counts, n_sets)):
            text.model.encode(batch.input_ids, None, batch.routing)
        n_tokens += text.rows * text.length
    return (counts / n_tokens).numpy()


def _count(counts: Tensor, n_sets: int, begin: int, active: Tensor) -> None:
    """Add the active units [rows, length, units] of one layer."""
    by_set = active.reshape(n_sets, -1, active.shape[-1]).sum(1)
    counts[:, begin : begin + active.shape[-1]] += by_set


@contextmanager
def _watching(text: GatedText, see: Callable[[int, Tensor], None]) -> Iterator[None]:
    """Show which units are active in passes inside.

    The first map of a feed-forward part makes what the activation is applied to; where it makes two
    halves, the first one is.
    """
    attachment = text.model.attachment
    layers = attachment.layers_of(text.model.backbone)
    handles = []
    begin = 0
    for place in text.places:
        first = layers[place.layer].get_submodule(attachment.feed_forward_maps[0])
        hook = partial(_show, see, begin, place.n_gates)
        handles.append(first.register_forward_hook(hook))
        begin += place.n_gates
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _show(
    see: Callable[[int, Tensor], None],
    begin: int,
    width: int,
    _module: nn.Module,
    _args: object,
    output: Tensor,
) -> None:
    see(begin, output[..., :width] > 0)


@torch.no_grad()
def _ablation(
    test: GatedText,
    neurons: Sequence[NDArray[np.int64]],
    layer: NDArray[np.int64],
    chosen: NeuronSettings,
) -> list[Row]:
    """Read every language with the neurons of each language off, and with random ones off."""
    languages = [language for language, _ in test.sets]
    whole = _losses(test, np.arange(0), chosen.batches)
    rows: list[Row] = []
    for number, (off, own) in enumerate(zip(languages, neurons, strict=True)):
        if not len(own):
            continue
        harm = _losses(test, own, chosen.batches) - whole
        drawn = [
            _losses(test, _random_like(own, layer, (number, draw)), chosen.batches) - whole
            for draw in range(chosen.draws)
        ]
        random = np.mean(drawn, axis=0)
        for place, language in enumerate(languages):
            excess = harm[:, place] - random[:, place]
            rows.append(
                {
                    "language_off": str(off),
                    "language": str(language),
                    "n_neurons": len(own),
                    "loss_whole": float(whole[:, place].mean()),
                    "harm": float(harm[:, place].mean()),
                    "harm_random": float(random[:, place].mean()),
                    "excess": float(excess.mean()),
                    "excess_se": float(excess.std(ddof=1) / math.sqrt(len(excess))),
                }
            )
    return rows


def _losses(test: GatedText, off: NDArray[np.int64], batches: int) -> NDArray[np.float64]:
    """Return the loss of each batch and language with some units off, [batches, languages]."""
    gates = torch.ones(len(test.sets), sum(one.n_gates for one in test.places))
    gates[:, torch.from_numpy(off)] = 0
    return torch.stack([test(update, gates) for update in range(batches)]).double().numpy()


def _random_like(
    own: NDArray[np.int64], layer: NDArray[np.int64], seed: tuple[int, int]
) -> NDArray[np.int64]:
    """Draw as many units of each layer, none of which is among the given where others are left."""
    draw = np.random.default_rng(seed)
    parts: list[NDArray[np.int64]] = []
    for number in np.unique(layer[own]):
        units = np.flatnonzero(layer == number)
        n = int((layer[own] == number).sum())
        others = np.setdiff1d(units, own)
        parts.append(draw.choice(others if len(others) >= n else units, n, replace=False))
    return np.sort(np.concatenate(parts))
