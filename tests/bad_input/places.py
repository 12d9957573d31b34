"""Places that cannot be written, or that somebody else writes."""

import errno
import os
from pathlib import Path

import pytest

from bad_input.mistake import AUDIT, RUN, Mistake, file
from isogloss.study import load_spec, study_lock


def full_disk(patch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    patch.setattr(os, "fsync", refuse)


def _forbidden(patch: pytest.MonkeyPatch) -> None:
    # Tests may run as root, whom no permission stops.
    make = os.mkdir

    def refuse(path: str, *rest: int, **options: int) -> None:
        if Path(path).name == "out":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        make(path, *rest, **options)

    patch.setattr(os, "mkdir", refuse)


def _taken(patch: pytest.MonkeyPatch) -> None:
    lock = study_lock(Path("out"), load_spec(Path("study.yaml")))
    lock.__enter__()
    # Let go when the test ends, with everything else that was patched.
    patch.setattr(_taken, "lock", lock, raising=False)


MISTAKES = [
    Mistake(
        "`--out` is the folder at hand, with other files",
        "run study.yaml --data data --out .",
        "Expected a new folder, an empty one, or the folder of the study `micro`. Found data, "
        "study.yaml. Where: --out `.`. Give another --out; nothing was written.",
    ),
    Mistake(
        "`--out` is the folder of the data",
        "audit --text data --languages qaa,qab --out data --model micro",
        "Expected a new folder, an empty one, or the folder of the study `audit of data`. Found … "
        "Where: --out `data`. …",
    ),
    Mistake(
        "`--out` is an empty name, as an unset variable leaves it",
        "matrix --text data --languages qaa,qab --out ''",
        "Expected the name of a file or folder. Found ''. Where: `isogloss matrix`, --out. …",
    ),
    Mistake(
        "`--out` is the folder of another study",
        "quickstart --out out",
        "Expected a new folder, an empty one, or the folder of the study `quickstart`. Found the "
        "study `micro` on qaa-Latn, qab-Latn. Where: --out `out`. …",
        done=True,
    ),
    Mistake(
        "`--out` holds a table of the user's",
        RUN,
        "Expected a new folder, an empty one, or the folder of the study `micro`. Found "
        "verdicts.csv. Where: --out `out`. …",
        file("out/verdicts.csv", "mine"),
    ),
    Mistake(
        "a plan in the folder of the data",
        "plan study.yaml --data data --out data",
        "Expected a new folder, an empty one, or the folder of the study `micro`. Found … Where: "
        "--out `data`. …",
    ),
    Mistake(
        "a report over a file that is none",
        "report out --to study.yaml",
        "Expected a new file, or a report to write again. Found a file that isogloss did not "
        "write. Where: study.yaml. Name another file with --to; this one was left as it was.",
        done=True,
    ),
    Mistake(
        "a test bed whose truth is the user's",
        "synth --out mine --recipe base,clone",
        "Expected the truth file of a synthetic test bed. Found … Where: mine/truth.yaml. …",
        file("mine/truth.yaml", "which: mine\n"),
    ),
    Mistake(
        "`--out` is a file",
        RUN,
        "Expected a place that can be written: a folder, or none yet. Found a file of that name. "
        "Where: out. Give another place, or move that file away; it was left as it was.",
        file("out", "notes"),
    ),
    Mistake(
        "`--out` lies in a file",
        "run study.yaml --data data --out notes/out",
        "Expected a place that can be written: … Found a file of that name. Where: notes. …",
        file("notes", "notes"),
    ),
    Mistake(
        "`--out` may not be written",
        RUN,
        "Expected a place that can be written. Found Permission denied. Where: out. Free some "
        "space, mend the permissions, or write elsewhere. What was finished before is kept: the "
        "same command goes on from there.",
        patch=_forbidden,
    ),
    Mistake(
        "the disk is full",
        f"{AUDIT} --launcher inline",
        "Expected a place that can be written. Found No space left on device. Where: out/… Free "
        "some space, …",
        patch=full_disk,
    ),
    Mistake(
        "the disk is full when the report is written",
        "report out",
        "Expected a place that can be written. Found No space left on device. Where: "
        "out/report.html. Free some space, …",
        done=True,
        patch=full_disk,
    ),
    Mistake(
        "two processes on one study",
        RUN,
        "Expected a study folder that no other process writes. Found process … at work in it. "
        "Where: out. Wait for it to end, or give another --out.",
        done=True,
        patch=_taken,
        rewrites=r"out/\.owner|out/\.lock",
    ),
    Mistake(
        "a report in place of a folder",
        "report out --to data",
        "Expected a file to write. Found a folder of that name. Where: data. Name a file in it.",
        done=True,
    ),
    Mistake(
        "a test bed among other files",
        "synth --out mine --recipe base,clone",
        "Expected a new folder, an empty one, or a test bed to make again. Found text. Where: "
        "mine. Give another --out; nothing was written.",
        file("mine/text/sw.train.txt", "Maandishi yangu.\n"),
    ),
]
