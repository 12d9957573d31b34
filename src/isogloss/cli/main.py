"""`isogloss`: find the command, run it, turn mistakes into messages and exit codes."""

import argparse
import os
import signal
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

from isogloss import __version__
from isogloss.cli.arguments import Parser
from isogloss.cli.printing import say
from isogloss.core import InputError, TrainingError, printable

# name -> what it answers; the module of the same name holds `add_arguments` and `run`.
COMMANDS: Final[Mapping[str, str]] = {
    "quickstart": "an audit of generated languages with known answers: minutes, report at the end",
    "audit": "does language X hurt language Y in one model? From text files to verdicts",
    "matrix": "which language hurts which: every pair of languages audited",
    "run": "run a study, or resume it",
    "plan": "show the runs of a study, its cost and what is finished; train nothing",
    "report": "write report.html from the tables of a study",
    "compare": "compare two studies, or two finished systems, language by language",
    "gate": "may the new model be released? GO, NO-GO or INCONCLUSIVE by a policy",
    "monitor": "gradient conflict of a monitored run: a table and a picture",
    "sharing": "which parts of a finished model do its languages share? Gates, layer by layer",
    "group": "which languages belong together? Groups by several affinities, and a study of them",
    "advise": "which languages to add for a target, or which runs would tell",
    "export": "write a trained model as a folder for Hugging Face transformers",
    "trim": "leave the tokens that a text does not need out of a model",
    "list": "list studies, treatments, tasks, measurements, metrics, presets or languages",
    "synth": "generate the synthetic test bed: languages with known relations",
    "data": "check data before training on them",
    "cite": "what to cite for a study, as BibTeX",
}
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EXIT_OK, EXIT_NO, EXIT_INPUT, EXIT_FAILED = 0, 1, 2, 3

_EPILOGUE = """examples:
  isogloss quickstart
  isogloss audit --text DIR --languages en,sw --out my-audit
  isogloss run STUDY --data WHERE --out my-study

exit codes: 0 fine, 1 the answer is no, 2 the input is wrong, 3 a training failed
Interrupted? Run the same command again to resume."""


class _Stopped(KeyboardInterrupt):
    """A signal that asks the process to end; what Ctrl-C does is done."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number
        super().__init__()


def _stop_on_signals() -> None:
    """Let `kill`, a closed terminal and a scheduler's time limit do what Ctrl-C does.

    What the caller has set to be ignored, as `nohup` does, stays so. A second signal ends the
    process at once.
    """
    numbers = [one for one in _SIGNALS if signal.getsignal(one) != signal.SIG_IGN]

    def stop(number: int, _: object) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_DFL)
        raise _Stopped(number)

    for one in numbers:
        signal.signal(one, stop)


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the module of the command at hand is imported."""
    parser = Parser(
        prog="isogloss",
        description="Measure, explain and treat negative interference in multilingual models.",
        epilog=_EPILOGUE,
    )
    parser.add_argument("--version", action="version", version=f"isogloss {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, answer in COMMANDS.items():
        description = answer[0].upper() + answer[1:] + "."
        sub = commands.add_parser(name, help=answer, description=description)
        if name == command:
            import_module(f"isogloss.cli.{name}").add_arguments(sub)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code: 0 fine, 1 the answer is no, 2 the input is wrong, 3 a training failed.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    command = next((word for word in given if not word.startswith("-")), None)
    if command == "plan":
        from isogloss.cli.plan import with_command

        given = with_command(given)
    try:
        args = build_parser(command).parse_args(given)
        args.own_process = arguments is None  # nothing else has run here: it may be forked
        if args.own_process:
            warnings.showwarning = _say_warning
            _stop_on_signals()
        code = int(import_module(f"isogloss.cli.{args.command}").run(args))
        sys.stdout.flush()  # here, where a reader that went away or a full disk can be told
        return code
    except InputError as error:
        say(f"isogloss: {printable(str(error), one_line=True)}", aside=True)
        return EXIT_INPUT
    except TrainingError as error:
        say(f"isogloss: {error}", aside=True)
        return EXIT_FAILED
    except KeyboardInterrupt as error:
        say("isogloss: stopped. The same command goes on from here.", aside=True)
        return error.code if isinstance(error, _Stopped) else 128 + signal.SIGINT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except OSError as error:
        say(f"isogloss: {_refused_by_system(error)}", aside=True)
        return EXIT_INPUT


def _say_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as a line for users: without the place in the code, without escapes."""
    say(f"warning: {message}", aside=True)


def _refused_by_system(error: OSError) -> InputError:
    """Say what the operating system refused, where no room below has a better word for it."""
    return InputError(
        expected="files that can be read and written",
        found=error.strerror or str(error),
        where=str(error.filename or "this machine"),
        next_step="Look at permissions and free space. What was finished is kept: the same command "
        "goes on from there.",
    )


if __name__ == "__main__":
    sys.exit(main())
