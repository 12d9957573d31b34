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
from isogloss.data import IGNORED, UNSAID, EncodedExample
from isogloss.models import (
    MultilingualModel,
    SequenceClassifier,
    TokenClassifier,
    create_model,
)
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    LoopSettings,
    MaskedLMObjective,
    MixedTaskSampling,
    OptimizerStep,
    PairedObjective,
    PlainEngine,
    Reads,
    SequenceClassificationObjective,
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


CLASSES = 3


def paired_plan(languages: tuple[Language, ...] = PAIR, **changes: Any) -> TrainingPlan:
    """Return a plan of fine-tuning on texts of the first language and their translations."""
    task = {"objective": SequenceClassificationObjective(), "sampler": MixedTaskSampling(0.5)}
    return plan(languages, **{**task, **changes})


def is_task(of: TrainingPlan) -> bool:
    """Tell a plan of fine-tuning from one of masked-LM training."""
    return not isinstance(of.objective, MaskedLMObjective)


def kind_of_task(of: TrainingPlan) -> str:
    """Return which kind of task a plan learns."""
    return getattr(getattr(of.objective, "task", of.objective), "kind", "")


def pairs(
    languages: tuple[Language, ...], kind: str = "classification", n: int = 10
) -> dict[Language, tuple[EncodedExample, ...]]:
    """Return examples of each language, beside each its source, the way back and altered copies.

    Tags of other languages than the first are not said. All that stands beside is of the first.
    """
    generator = np.random.default_rng(5)
    found: dict[Language, tuple[EncodedExample, ...]] = {}
    names = ("source", "back", *(f"altered{copy}" for copy in range(4)))
    for index, language in enumerate(languages):
        rows: list[EncodedExample] = []
        for number in range(n):
            source, *others = (
                _labelled(generator, kind, number % CLASSES, 4 + number % 3) for _ in names
            )
            beside = dict(zip(names, (source, *others), strict=True))
            own = _labelled(generator, kind, number % CLASSES, 4 + number % 4, said=index == 0)
            rows.append(dataclasses.replace(own, beside=beside, language=None))
        found[language] = tuple(rows)
    return found


def _labelled(
    generator: np.random.Generator, kind: str, label: int, n: int, *, said: bool = True
) -> EncodedExample:
    """Return a text of n letters and four words, what is left of it being the last word's."""
    letters = generator.integers(5, LetterTokenizer.vocabulary_size, n).tolist()
    ids = (LetterTokenizer.cls_id, *letters, LetterTokenizer.sep_id)
    if kind == "classification":
        return EncodedExample(ids, label, language=0)
    if kind == "qa":
        return EncodedExample(ids, (2, 3), language=0)
    tags = [(place + label) % CLASSES if said else UNSAID for place in range(4)]
    row = (IGNORED, *tags, *(IGNORED,) * (len(ids) - 5))
    return EncodedExample(ids, row, tuple(range(1, 5)), language=0)


def context(of: TrainingPlan) -> BuildContext:
    """Return what the parts of a plan are built from; a task's has a teacher."""
    tokenizer: Any = LetterTokenizer()
    if is_task(of):
        there = pairs(of.languages, kind_of_task(of))
        reads = of.objective.reads if isinstance(of.objective, PairedObjective) else Reads()
        if reads.languages == "source":
            there = {of.languages[0]: there[of.languages[0]]}
        teacher = model(dataclasses.replace(of, seed=of.seed + 100)).eval()
        sizes = (of.languages, of.rows, of.length, of.seed, tokenizer, there)
        return BuildContext(*sizes, teacher.requires_grad_(requires_grad=False))
    return BuildContext(of.languages, of.rows, of.length, of.seed, tokenizer, corpora(of.languages))


def model(of: TrainingPlan) -> Any:
    """Return the model that a plan begins with; for a task, with its head and what it needs."""
    encoder = create_model(
        "micro",
        tokenizer=LetterTokenizer(),
        languages=of.languages,
        modules=of.modules,
        seed=of.seed,
    )
    if not is_task(of):
        return encoder
    kind = kind_of_task(of)
    if kind == "classification":
        classifier: nn.Module = SequenceClassifier(encoder, CLASSES, seed=of.seed)
    else:
        classifier = TokenClassifier(encoder, 2 if kind == "qa" else CLASSES, seed=of.seed)
    if isinstance(of.objective, PairedObjective):
        of.objective.equip(classifier)
    return classifier


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
