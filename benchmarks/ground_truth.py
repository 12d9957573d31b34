"""Does the audit find planted interference, and nothing where nothing is planted?

Each repetition generates new languages (base, a conflicting one, a twin), audits base + conflict
and base + twin at equal updates in all with three new training seeds, and reads the verdicts. A
twin is the same language with other sentences: at equal updates in all, joint training reads as
much text of one language as monolingual training does, so any HURT or HELPED there is false. The
verdicts are those on the base, so only the base is trained alone.

    python benchmarks/ground_truth.py --out /tmp/ground-truth --repetitions 10

The folder keeps finished runs: a killed script goes on when it is given again.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from isogloss.data import synthesise
from isogloss.study import LAUNCHERS, Run, StudySpec, parse_spec, plan_study, prepare
from isogloss.study.results.outcomes import read_outcomes
from isogloss.study.results.tables import verdicts
from isogloss.study.study import unfinished

RESULT = Path(__file__).parent / "results" / "ground_truth.json"
PLANTED, NULL = "qaa-Latn+qab-Latn", "qaa-Latn+qac-Latn"


class Silent:
    """A watcher that says nothing."""

    def planned(self, runs: list[Run], ahead: Sequence[tuple[Run, float]]) -> None:
        """Ignore it."""

    def started(self, run: Run) -> None:
        """Ignore it."""

    def tick(self) -> None:
        """Ignore it."""

    def ended(self, run: Run, error: str | None) -> None:
        """Ignore it."""


def spec_of(repetition: int, updates: int, n_seeds: int) -> StudySpec:
    """Return the audit of one repetition; no training seed comes twice."""
    return parse_spec(
        {
            "name": f"ground truth {repetition}",
            "mixtures": [["qaa", "qab"], ["qaa", "qac"]],
            "seeds": [repetition * n_seeds + seed for seed in range(n_seeds)],
            "match": ["total"],
            "model": "micro",
            "tokenizer": {"vocabulary_size": 650},
            "pretraining": {"updates": updates, "length": 64, "learning_rate": 0.003},
        },
        "ground truth",
    )


def main() -> None:
    """Run the repetitions and write the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--updates", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=60_000)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    tables = []
    for repetition in range(args.repetitions):
        table = audit(repetition, args)
        tables.append(table[table["verdict"].notna()].assign(repetition=repetition))
        print(tables[-1][["mixture", "interference", "p_holm", "verdict"]], flush=True)
        write(pd.concat(tables), args)


def audit(repetition: int, args: argparse.Namespace) -> pd.DataFrame:
    """Return the verdicts of one repetition."""
    folder = args.out / str(repetition)
    data = folder / "data"
    synthesise("base,conflict,twin", data, seed=repetition, sentences=args.sentences)
    spec = spec_of(repetition, args.updates, args.seeds)
    prepared = prepare(spec, str(data), folder)
    plan = plan_study(spec, prepared, {})
    base = spec.languages[0]
    runs = [run for run in unfinished(plan, folder, {}) if base in run.plan.languages]
    failed = LAUNCHERS["pool"](runs, folder, args.workers, Silent())
    assert not failed, failed
    return verdicts(spec, read_outcomes(plan, folder), [])


def write(found: pd.DataFrame, args: argparse.Namespace) -> None:
    """Write what was found so far."""
    planted = found[found["mixture"] == PLANTED]
    null = found[found["mixture"] == NULL]
    false = null["verdict"].isin(["HURT", "HELPED"])
    content = {
        "settings": {key: str(value) for key, value in vars(args).items() if key != "out"},
        "repetitions": int(found["repetition"].nunique()),
        "planted": {"verdicts": len(planted), "HURT": int((planted["verdict"] == "HURT").sum())},
        "none planted": {
            "verdicts": len(null),
            "HURT or HELPED": int(false.sum()),
            "unadjusted p < 0.05": int((null["p"] < 0.05).sum()),
        },
        "interference of the base, bits per byte": {
            "planted": planted["interference"].round(4).tolist(),
            "none planted": null["interference"].round(4).tolist(),
        },
    }
    RESULT.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
