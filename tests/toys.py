"""Toys of training: two languages of letters, a two-layer model, plans of a few updates.

The vocabulary, the text and the model have the faces of the real ones; nothing is read from disk.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from isogloss.core import Language
from isogloss.models import MultilingualModel, create_model
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    LoopSettings,
    MaskedLMObjective,
    OptimizerStep,
    PlainEngine,
    TextSampling,
    Training,
    TrainingPlan,
    WeightedSum,
)
from unit.evaluation.toys import LetterCorpus, LetterTokenizer

PAIR = tuple(Language.parse(code) for code in ("en", "sw"))
# Parts of the word "adapter": routing by name would mix them up.
HOSTILE = tuple(Language(code, "Latn") for code in ("te", "ad", "er"))
OFTEN = LoopSettings(log_every=1, checkpoint_seconds=0.0)


def corpora(
    languages: tuple[Language, ...], n_tokens: int | None = None
) -> dict[Language, LetterCorpus]:
    """Return text of each language; it depends on the language, not on its neighbours.

    Of English there is more than of the others, where no number is given.
    """
    return {language: LetterCorpus(_letters(language, n_tokens)) for language in languages}


def _letters(language: Language, n_tokens: int | None) -> Any:
    generator = np.random.default_rng([ord(letter) for letter in str(language)])
    n_tokens = n_tokens or (900 if language.code == "eng" else 400)
    tokens = generator.integers(5, LetterTokenizer.vocabulary_size, n_tokens)
    tokens[::23] = LetterTokenizer.sep_id
    return tokens


def plan(languages: tuple[Language, ...] = PAIR, updates: int = 3, **changes: Any) -> TrainingPlan:
    """Return a plan of masked-LM training in fp32, four rows of 12 pieces an update."""
    plain = TrainingPlan(
        languages=languages,
        updates=updates,
        rows=4,
        length=12,
        seed=1,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(0.3),
        combine=WeightedSum(),
        step=OptimizerStep(AdamWSettings(learning_rate=0.01), "constant", 0.0),
        precision="fp32",
    )
    return dataclasses.replace(plain, **changes)


def context(of: TrainingPlan) -> BuildContext:
    """Return what the parts of a plan are built from."""
    tokenizer: Any = LetterTokenizer()
    return BuildContext(of.languages, of.rows, of.length, of.seed, tokenizer, corpora(of.languages))


def model(of: TrainingPlan) -> MultilingualModel:
    """Return the model that a plan begins with."""
    return create_model(
        "micro",
        tokenizer=LetterTokenizer(),
        languages=of.languages,
        modules=of.modules,
        seed=of.seed,
    )


def training(of: TrainingPlan, **changes: Any) -> Training:
    """Return the plan brought to life on one process."""
    made = changes.pop("model", None) or model(of)
    given = changes.pop("context", None) or context(of)
    slots = made.language_specific_names() if isinstance(made, MultilingualModel) else {}
    settings: dict[str, Any] = {"engine": PlainEngine("fp32"), "slots": slots}
    return Training(of, made, given, **{**settings, **changes})


def trained(of: TrainingPlan, folder: Path, settings: LoopSettings = OFTEN) -> dict[str, Tensor]:
    """Train to the end of the plan and return the weights."""
    one = training(of)
    one.run(folder, settings)
    return weights(one.model)


def weights(of: nn.Module) -> dict[str, Tensor]:
    """Return a copy of all parameters by name."""
    return {name: value.detach().clone() for name, value in of.named_parameters()}


def same_bits(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    """Tell whether two sets of weights are equal to the last bit."""
    return first.keys() == second.keys() and all(
        torch.equal(value, second[name]) for name, value in first.items()
    )


def stop_at(one: Training, update: int) -> None:
    """Make a training break off when it comes to an update, as a crash would."""
    go_on = one.step.update

    def crash(number: int, batch: Any) -> Any:
        if number == update:
            raise KeyboardInterrupt
        return go_on(number, batch)

    one.step.update = crash  # type: ignore[method-assign]


class LoRA(nn.Module):
    """A frozen linear map and a low-rank one beside it, put together as the library peft does."""

    def __init__(self, base_layer: nn.Linear, rank: int = 2) -> None:
        super().__init__()
        self.base_layer = base_layer.requires_grad_(False)
        self.lora_A = nn.Linear(base_layer.in_features, rank, bias=False)
        self.lora_B = nn.Linear(rank, base_layer.out_features, bias=False)
        self.to(base_layer.weight.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum of both."""
        return self.base_layer(x) + self.lora_B(self.lora_A(x))


def with_lora(model: nn.Module) -> set[str]:
    """Freeze a model, and put LoRA beside every linear map of its layers; return what trains."""
    model.requires_grad_(False)
    torch.manual_seed(7)
    linear = [
        (owner, name, child)
        for path, owner in model.named_modules()
        if "layers" in path
        for name, child in owner.named_children()
        if isinstance(child, nn.Linear)
    ]
    for owner, name, child in linear:
        setattr(owner, name, LoRA(child))
    return {name for name, value in model.named_parameters() if value.requires_grad}
