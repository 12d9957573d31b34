"""`isogloss compare --models`: two language models on raw text, and what `gate` shares with it."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isogloss.cli.arguments import place, positive
from isogloss.cli.printing import say
from isogloss.core import InputError

if TYPE_CHECKING:
    from isogloss.comparison import Scored

TEXT_OPTIONS: Final = ("text", "context", "stride", "precision", "most")
_TOLD_EVERY: Final = 20.0


def add_text_options(parser: argparse.ArgumentParser) -> None:
    """Add `--text` and what goes with it."""
    group = parser.add_argument_group(
        "language models on raw text", "bits per byte of two model folders; needs --out"
    )
    group.add_argument(
        "--text", type=place, metavar="DIR", help="raw text, as sw.test.txt; or a mapping"
    )
    group.add_argument(
        "--context", type=positive, metavar="N", help="tokens of a window (1024, or the model's)"
    )
    group.add_argument(
        "--stride", type=positive, metavar="N", help="tokens a window scores (half the context)"
    )
    group.add_argument(
        "--precision", choices=("auto", "bf16", "fp32"), help="of causal models (auto)"
    )
    group.add_argument(
        "--most", type=positive, metavar="N", help="lines of a language, from the first on"
    )


def read_systems(args: argparse.Namespace, base: Path, new: Path) -> "tuple[Scored, Scored]":
    """Return the scores of two systems: read from files, or measured on text.

    Args:
        args: of the command.
        base: scores or model folder of the reference.
        new: of the other.

    Raises:
        InputError: both are the same, or options do not go together.
    """
    if base.resolve() == new.resolve():
        raise InputError(
            expected="two systems",
            found="the same file or folder twice",
            where=str(base),
            next_step="Name the one that is compared with, and the new one.",
        )
    if args.text is None:
        refuse_text_options(args)
        from isogloss.comparison import read_mapping, read_scores

        mapping = read_mapping(args.languages) if args.languages else None
        first, second = (
            read_scores(path, languages=mapping, score=args.score) for path in (base, new)
        )
        return first, second
    return models_on_text(args, base, new)


def models_on_text(args: argparse.Namespace, base: Path, new: Path) -> "tuple[Scored, Scored]":
    """Return the scores of two model folders on raw text.

    Raises:
        InputError: `--out` is missing, or options of score files are given.
    """
    wrong = [f"--{name}" for name in ("languages", "score") if getattr(args, name) is not None]
    if args.out is None or wrong:
        raise InputError(
            expected="--out with --text, and none of the options of score files",
            found=", ".join(wrong) or "no --out",
            where="--text",
            next_step="Give --out DIR: scores are kept there, and the same command goes on.",
        )
    from isogloss.comparison import ScoringChoices, score_models

    choices = ScoringChoices(args.context, args.stride, args.precision or "auto", args.most)
    return score_models(base, new, args.text, args.out, choices, tell=_Teller())


def refuse_text_options(args: argparse.Namespace) -> None:
    """Refuse options that say nothing without raw text.

    Raises:
        InputError: there are some.
    """
    given = [f"--{name}" for name in TEXT_OPTIONS[1:] if getattr(args, name) is not None]
    if given:
        raise InputError(
            expected="--text with options of scoring models",
            found=", ".join(given),
            where="the command line",
            next_step="Add --text DIR, or leave them out.",
        )


class _Teller:
    """Says how far it is, now and then."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._told >= _TOLD_EVERY:
            self._told = time.monotonic()
            say(text, aside=True)
