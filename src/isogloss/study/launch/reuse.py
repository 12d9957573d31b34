"""Take finished runs over from other studies: what is trained is not trained again."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from isogloss.core import InputError, folder_beside
from isogloss.study.plan.runs import Run
from isogloss.study.store.run_folder import run_folder


def reuse_runs(runs: Iterable[Run], study: Path, others: Sequence[Path]) -> list[str]:
    """Take over the finished runs that other studies have under the same address.

    A run's address is the hash of everything that its result depends on (data, tokenizer, plan,
    seed), so that equal addresses are equal runs. Files are linked, not copied, where the disk
    allows it; nothing of the other study is changed.

    Args:
        runs: that this study needs.
        study: its folder.
        others: folders of the other studies.

    Returns:
        Addresses of the runs that were taken over.

    Raises:
        InputError: another folder is no study, or this one cannot be written.
    """
    for other in others:
        if not (other / "runs").is_dir():
            raise InputError(
                expected="the folder of a study, with `runs/` in it",
                found="none",
                where=f"--reuse {other}",
                next_step="Give the --out folder of a study that was run.",
            )
    taken = []
    for run in runs:
        target = run_folder(study, run.run_id)
        sources = (run_folder(other, run.run_id) for other in others)
        found = next((one for one in sources if one.is_finished()), None)
        if found is not None and not target.is_finished():
            _take(found.path, target.path)
            taken.append(run.run_id)
    return taken


def _take(source: Path, target: Path) -> None:
    """Link a run's folder into place, whole or not at all."""
    with folder_beside(target) as new:
        shutil.copytree(source, new / target.name, copy_function=_link)
        shutil.rmtree(target, ignore_errors=True)  # what is left of an unfinished run
        (new / target.name).rename(target)


def _link(source: str, target: str) -> str:
    """Link a file, or copy it to another disk."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
