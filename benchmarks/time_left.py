"""Is the time left, told after a fifth of a study, within 30 % of what it takes?

    python benchmarks/time_left.py              # about 6 minutes on two free cores
    python benchmarks/time_left.py --scale 0.2 --out /tmp/quick.json
    python benchmarks/time_left.py --replay DIR --out /tmp/replayed.json   # trains nothing

Three studies of different kinds on the test bed, each trained whole by two workers: an audit with a
task, a comparison of treatments, and treated fine-tunings. `told_s` over `true_s` of the time left
is `ratio`, at a fifth and at a half of the whole time; `by_stage` is what runs of a stage took over
what was planned. Times are real: what else the machine does during a study is in them, and a load
that changes (`load`, of a minute, at the beginning, at a fifth and at the end) makes any
estimate wrong. `--replay` tells instead what would have been told of a study that is finished, from
the times of its files, if it was run in one sitting.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from isogloss.core import write_atomically
from isogloss.data import synthesise
from isogloss.study import Launch, Run, TimeKeeper, parse_spec, plan_study, run_study
from isogloss.study.launch.time_left import Job, Progress, seconds_left
from isogloss.study.plan.estimate import cost_of
from isogloss.study.plan.speed import measure_speed
from isogloss.study.store.prepared import open_prepared
from isogloss.training import read_metrics

SMALL: Final[dict[str, Any]] = {
    "mixtures": [["qaa", "qab"]],
    "model": "micro",
    "precision": "fp32",
    "tokenizer": {"vocabulary_size": 600},
}
STUDIES: Final[dict[str, dict[str, Any]]] = {
    "audit": {
        "tasks": ["pos"],
        "seeds": [0, 1, 2],
        "pretraining": {"updates": 200, "length": 64},
        "finetuning": {"epochs": 2, "max_examples": 400, "length": 64},
    },
    "treatments": {
        "treatments": ["monolingual", "untreated", "pcgrad", {"language_adapters": {}}],
        "match": ["language"],
        "seeds": [0, 1],
        "pretraining": {"updates": 250, "length": 64},
    },
    "fine-tuning": {
        "treat": "finetuning",
        "tasks": ["pos", "ner"],
        "match": ["language"],
        "seeds": [0, 1, 2],
        "pretraining": {"updates": 150, "length": 64},
        "finetuning": {"epochs": 3, "max_examples": 800, "length": 64},
    },
}


class Recorder:
    """A watcher that notes what was told, and when."""

    def __init__(self, study: Path) -> None:
        self._time = TimeKeeper(study)
        self._planned: dict[str, float] = {}
        self._begun: dict[str, float] = {}
        self.began = 0.0
        self.told: list[tuple[float, float]] = []
        self.loads: list[tuple[float, float]] = []
        self.runs: list[dict[str, object]] = []

    def warned(self, texts: Sequence[str]) -> None:
        """Say nothing."""

    def planned(self, runs: list[Run], ahead: Sequence[tuple[Run, float]]) -> None:
        """Runs are about to begin."""
        self.began = self.began or time.time()
        self._planned |= {run.run_id: seconds for run, seconds in ahead}
        self._time.planned(ahead)

    def started(self, run: Run) -> None:
        """A run begins."""
        self._begun[run.run_id] = time.time()
        self._time.started(run)

    def tick(self) -> None:
        """Some time has passed."""
        left = self._time.left()
        self.loads.append((time.time(), os.getloadavg()[0]))
        if left is not None:
            self.told.append((time.time(), left))

    def ended(self, run: Run, error: str | None) -> None:
        """A run is over."""
        assert error is None, error
        self._time.ended(run, failed=False)
        took = time.time() - self._begun[run.run_id]
        planned = self._planned[run.run_id]
        self.runs.append({"stage": run.stage, "planned": round(planned, 2), "took": round(took, 2)})
        self.tick()


def measure(name: str, folder: Path, factor: float) -> dict[str, object]:
    """Run one study; return what was told and what was true."""
    content = SMALL | STUDIES[name]
    settings = content["pretraining"]
    content["pretraining"] = settings | {"updates": round(settings["updates"] * factor)}
    spec = parse_spec({"name": name, **content}, name)
    synthesise("base,conflict", folder / "data", seed=0, sentences=20_000)
    watch = Recorder(folder / "out")
    run_study(spec, str(folder / "data"), folder / "out", Launch("pool", 2, watch))
    whole = watch.told[-1][0] - watch.began
    told = {}
    for share in (0.2, 0.5):
        at, left = next(one for one in watch.told if one[0] >= watch.began + share * whole)
        true = watch.began + whole - at
        told[str(share)] = {
            "told_s": round(left, 1),
            "true_s": round(true, 1),
            "ratio": round(left / true, 3),
        }
    fifth = next(load for at, load in watch.loads if at >= watch.began + 0.2 * whole)
    return {
        "study": name,
        "runs": len(watch.runs),
        "whole_s": round(whole, 1),
        "told": told,
        "by_stage": by_stage(watch.runs),
        "load": [round(one, 1) for one in (watch.loads[0][1], fifth, watch.loads[-1][1])],
        "recorded": watch.runs,
    }


def replay(study: Path) -> dict[str, object]:
    """Return what would have been told of a finished study."""
    content = yaml.safe_load((study / "spec.yaml").read_text(encoding="utf-8"))
    content.pop("provenance")
    prepared = open_prepared(study)
    plan = plan_study(parse_spec(content, str(study)), prepared, {})
    speed = measure_speed()
    paths = {run_id: study / "runs" / run_id for run_id in plan.runs}
    begun = {run_id: (path / "spec.yaml").stat().st_mtime for run_id, path in paths.items()}
    ended = {run_id: (path / "result.json").stat().st_mtime for run_id, path in paths.items()}
    jobs = {
        run_id: Job(run, cost_of(run, prepared, speed).seconds) for run_id, run in plan.runs.items()
    }
    moments = [*((at, 1) for at in begun.values()), *((at, -1) for at in ended.values())]
    at_once = np.cumsum([step for _, step in sorted(moments)])
    first, last = min(begun.values()), max(ended.values())
    told = {}
    for part in (0.2, 0.5):
        at = first + part * (last - first)
        seen = [
            Progress(job, min(at, ended[run_id]) - begun[run_id], share, 1.0 - share)
            for run_id, job in jobs.items()
            if begun[run_id] < at
            for share in [_share(paths[run_id], at - begun[run_id], at >= ended[run_id])]
        ]
        waiting = [job for run_id, job in jobs.items() if begun[run_id] >= at]
        left, true = seconds_left(seen, waiting, int(at_once.max())), last - at
        told[str(part)] = {
            "told_s": None if left is None else round(left, 1),
            "true_s": round(true, 1),
            "ratio": None if left is None else round(left / true, 3),
        }
    recorded = [
        {
            "stage": job.run.stage,
            "planned": round(job.planned, 2),
            "took": round(ended[run_id] - begun[run_id], 2),
        }
        for run_id, job in jobs.items()
    ]
    return {
        "study": study.name,
        "runs": len(jobs),
        "whole_s": round(last - first, 1),
        "told": told,
        "by_stage": by_stage(recorded),
        "recorded": recorded,
    }


def _share(path: Path, seconds: float, is_over: bool) -> float:
    """Return the share of a run that was done so long after its begin, from its log."""
    rows = read_metrics(path)
    done = [
        (row["update"] + 1) / row["updates"]
        for row in rows
        if row["kind"] == "train" and row["wall_s"] <= seconds
    ]
    return 1.0 if is_over else max(done, default=0.0)


def by_stage(runs: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return what the runs of each stage took over what was planned."""
    stages = dict.fromkeys(run["stage"] for run in runs)
    same = {stage: [run for run in runs if run["stage"] == stage] for stage in stages}
    return {
        stage: round(sum(run["took"] for run in some) / sum(run["planned"] for run in some), 2)
        for stage, some in same.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of pretraining updates")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/time_left.json"
    )
    parser.add_argument("--replay", type=Path, action="append", default=[], metavar="DIR")
    options = parser.parse_args()
    rows = [replay(study) for study in options.replay]
    for row in rows:
        print({key: value for key, value in row.items() if key != "recorded"}, flush=True)
    for name in () if rows else STUDIES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure(name, Path(folder), options.scale))
        print({key: value for key, value in rows[-1].items() if key != "recorded"}, flush=True)
        write(rows, options)
    write(rows, options)


def write(rows: list[dict[str, object]], options: argparse.Namespace) -> None:
    """Write what is measured so far."""
    result = {
        "what": "time left as told over the true one; wanted: 0.7 to 1.3 after a fifth",
        "cores": os.cpu_count(),
        **({} if options.replay else {"scale": options.scale}),
        "studies": rows,
    }
    write_atomically(options.out, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
