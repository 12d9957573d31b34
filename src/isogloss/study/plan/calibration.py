"""What finished runs took on this machine, against what is counted for them.

Counted times are within some tens of percent (`speed.py`); runs of the same stage, model and length
that are finished say more. Their processor time over the counted one corrects the runs to come.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from isogloss.core import InputError, read_yaml
from isogloss.study.plan.planning import plan_study
from isogloss.study.plan.reading import parse_spec
from isogloss.study.plan.runs import Run
from isogloss.study.plan.speed import machine_name
from isogloss.study.store.prepared import Prepared, open_prepared
from isogloss.study.store.run_folder import run_folder

Kind = tuple[str, str, int]


def kind_of(run: Run) -> Kind:
    """Return what runs that are timed together have in common: stage, model and length."""
    return run.stage, run.model, run.plan.length


@dataclass
class Calibration:
    """Times of finished runs.

    Attributes:
        taken: processor time of the finished runs of each kind, in seconds.
        counted: what was counted for them.
        sources: folders that hold them, and how many runs of each.
    """

    taken: dict[Kind, float] = field(default_factory=lambda: defaultdict(float))
    counted: dict[Kind, float] = field(default_factory=lambda: defaultdict(float))
    sources: dict[str, int] = field(default_factory=dict)

    def factor(self, run: Run) -> float | None:
        """Return the time of runs like this one over what is counted; None = none is finished."""
        kind = kind_of(run)
        return self.taken[kind] / self.counted[kind] if self.counted.get(kind) else None

    def learn(
        self, runs: Iterable[Run], study: Path, counted: Callable[[Run], float]
    ) -> "Calibration":
        """Add the finished runs of a study that were made on a machine like this one.

        Args:
            runs: of the study.
            study: its folder.
            counted: seconds of a run of it, as they are counted.
        """
        for run in runs:
            seconds = _taken(study, run)
            if seconds is not None:
                self.taken[kind_of(run)] += seconds
                self.counted[kind_of(run)] += counted(run)
                self.sources[str(study)] = self.sources.get(str(study), 0) + 1
        return self


def planned_runs(study: Path) -> tuple[Mapping[str, Run], Prepared] | None:
    """Return the runs of another study and its material; None where it cannot be read any more.

    A study whose tables were kept without its material can still say how results vary; of its
    times nothing is known then, and the plan says that times are counted.
    """
    try:
        read = read_yaml(study / "spec.yaml", what="the specification of a study", next_step="")
        content = dict(cast("dict[str, object]", read))
        content.pop("provenance", None)
        prepared = open_prepared(study)
        return plan_study(parse_spec(content, str(study)), prepared, {}).runs, prepared
    except (InputError, OSError, ValueError, TypeError):
        return None


def _taken(study: Path, run: Run) -> float | None:
    """Return the processor time of a finished run; None where it says nothing of this machine."""
    folder = run_folder(study, run.run_id)
    if not folder.is_finished():
        return None
    result = folder.read_result()
    if result.get("machine") != machine_name() or result.get("device") != "cpu":
        return None
    seconds = float(result["core_seconds"])
    return seconds if seconds > 0.0 else None
