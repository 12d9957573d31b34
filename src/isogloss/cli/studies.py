"""Studies built from flags."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from isogloss.cli.arguments import positive
from isogloss.core import InputError, Language, shown
from isogloss.models import PRESETS
from isogloss.study import StudySpec, parse_spec

# Option -> key of `pretraining`; what is not given comes from the kind of start.
_OPTIMIZER: Final = {
    "learning_rate": "learning_rate",
    "warmup": "warm_up",
    "weight_decay": "weight_decay",
}


@dataclass(frozen=True)
class Budget:
    """How much training each language gets.

    Attributes:
        updates: optimizer updates per language.
    """

    updates: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `updates=2000`."""
        key, _, value = text.partition("=")
        try:
            return cls(positive(value if key == "updates" else ""))
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentTypeError(
                f"expected updates=N with N at least 1, found {shown(text)}"
            ) from error


def _given(args: argparse.Namespace) -> dict[str, float]:
    """Return what of the masked-LM training was set."""
    found = {key: getattr(args, option, None) for option, key in _OPTIMIZER.items()}
    return {key: value for key, value in found.items() if value is not None}


def audit_spec(
    name: str, mixtures: Sequence[Sequence[Language]], args: argparse.Namespace
) -> StudySpec:
    """Return the study of an audit: monolingual against untreated, for each mixture.

    Raises:
        InputError: a language alone, or a vocabulary for a checkpoint, which has its own.
    """
    for mixture in mixtures:
        if len(mixture) < 2:
            raise InputError(
                expected="two languages or more: interference is between languages",
                found=", ".join(map(str, mixture)),
                where="--languages",
                next_step="Add a language, for example --languages en,sw",
            )
    vocabulary = {} if args.vocabulary is None else {"vocabulary_size": args.vocabulary}
    spec = parse_spec(
        {
            "name": name,
            "question": "Do these languages hurt or help one another in one model?",
            "mixtures": [[str(language) for language in mixture] for mixture in mixtures],
            "treatments": ["monolingual", "untreated"],
            "tasks": [task.strip() for task in args.tasks.split(",") if task.strip()],
            "seeds": list(range(args.seeds))
            if isinstance(args.seeds, int)
            else {"first": args.seeds[0], "most": args.seeds[1]},
            "model": args.model,
            "tokenizer": vocabulary if args.model in PRESETS else {},
            "pretraining": {"updates": args.budget.updates, **_given(args)},
        },
        "command line",
    )
    if vocabulary and spec.has_checkpoint:
        raise InputError(
            expected="a preset where the size of the vocabulary is set",
            found=f"the checkpoint `{args.model}`, which keeps its own tokenizer",
            where="--vocabulary",
            next_step="Leave the option out.",
        )
    return spec
