"""`isogloss compare --models`: two models on text and tasks, and what `gate` shares with it."""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isogloss.cli.arguments import place, positive
from isogloss.cli.printing import say
from isogloss.core import InputError

if TYPE_CHECKING:
    from isogloss.comparison import Scored

TEXT_OPTIONS: Final = ("text", "tasks", "context", "stride", "precision", "most")
_TOLD_EVERY: Final = 20.0


def add_text_options(parser: argparse.ArgumentParser) -> None:
    """Add `--text`, `--tasks` and what goes with them."""
    group = parser.add_argument_group(
        "two model folders", "bits per byte of raw text, scores of labelled data; needs --out"
    )
    group.add_argument(
        "--text", type=place, metavar="DIR", help="raw text, as sw.test.txt; or a mapping"
    )
    group.add_argument(
        "--tasks",
        type=place,
        metavar="DIR",
        help="labelled data that both have a head for (parallel text for encoders without one)",
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
        "--most", type=positive, metavar="N", help="lines or examples of a language, the first N"
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
    if args.text is None and args.tasks is None:
        refuse_text_options(args)
        from isogloss.comparison import read_mapping, read_scores

        mapping = read_mapping(args.languages) if args.languages else None
        first, second = (
            read_scores(path, languages=mapping, score=args.score) for path in (base, new)
        )
        return first, second
    return score_folders(args, base, new)


def score_folders(args: argparse.Namespace, base: Path, new: Path) -> "tuple[Scored, Scored]":
    """Return the scores of two model folders on raw text, on tasks, or on both.

    Raises:
        InputError: `--out` is missing, or options are given that say nothing here.
    """
    wrong = [f"--{name}" for name in ("languages", "score") if getattr(args, name) is not None]
    if args.text is None:
        of_text = ("context", "stride", "precision")
        wrong += [f"--{name}" for name in of_text if getattr(args, name) is not None]
    if args.out is None or wrong:
        raise InputError(
            expected="--out with --text or --tasks, and none of the options of score files; "
            "--context, --stride and --precision are of --text",
            found=", ".join(wrong) or "no --out",
            where="the command line",
            next_step="Give --out DIR: scores are kept there, and the same command goes on.",
        )
    from isogloss.comparison import ScoringChoices, joined_scores, score_models, score_tasks

    tell, found = _Teller(), []
    if args.text is not None:
        choices = ScoringChoices(args.context, args.stride, args.precision, args.most)
        found.append(score_models(base, new, args.text, args.out, choices, tell=tell))
    if args.tasks is not None:
        found.append(score_tasks(base, new, args.tasks, args.out, most=args.most, tell=tell))
    first, second = (joined_scores(sides) for sides in zip(*found, strict=True))
    return first, second


def refuse_text_options(args: argparse.Namespace) -> None:
    """Refuse options that say nothing without a model folder.

    Raises:
        InputError: there are some.
    """
    given = [f"--{name}" for name in TEXT_OPTIONS[2:] if getattr(args, name) is not None]
    if given:
        raise InputError(
            expected="--text or --tasks with options of scoring models",
            found=", ".join(given),
            where="the command line",
            next_step="Add --text DIR or --tasks DIR, or leave them out.",
        )


class _Teller:
    """Says how far it is, now and then."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._told >= _TOLD_EVERY:
            self._told = time.monotonic()
            say(text, aside=True)
