"""Do gradients conflict where conflict is planted, and less where it is not?

Each repetition generates new languages: a base, one that conflicts with it (same surface forms,
other meaning), a clone (same grammar, other words) and a twin (the same language, other sentences),
trains base + each of them with a new seed, and takes the mean cosines over the second half of each
training, beside the same-language control of the same batches.

    python benchmarks/conflict.py --out /tmp/conflict --seeds 10

The folder keeps finished runs: a killed script goes on when it is given again.
"""

import argparse
import json
from pathlib import Path

import pandas as pd
from ground_truth import Silent

from isogloss.core import write_atomically
from isogloss.data import synthesise
from isogloss.diagnosis import MEASUREMENTS
from isogloss.study import LAUNCHERS, parse_spec, plan_study, prepare
from isogloss.study.results.outcomes import read_outcomes
from isogloss.study.results.tables import measured
from isogloss.study.study import unfinished

RESULT = Path(__file__).parent / "results" / "conflict.json"
PARTNERS = {"qab": "conflict", "qac": "clone", "qad": "twin"}


def repetition(seed: int, args: argparse.Namespace) -> pd.DataFrame:
    """Return mean cosine and control of each pair, second half of the training."""
    folder = args.out / str(seed)
    data = folder / "data"
    synthesise("base,conflict,clone,twin", data, seed=seed, sentences=args.sentences)
    spec = parse_spec(
        {
            "name": f"conflict {seed}",
            "mixtures": [["qaa", partner] for partner in PARTNERS],
            "seeds": [seed],
            "model": "micro",
            "tokenizer": {"vocabulary_size": 650},
            "pretraining": {"updates": args.updates, "length": 64, "learning_rate": 0.003},
            "logging": {"conflict": args.every},
        },
        "conflict",
    )
    prepared = prepare(spec, str(data), folder)
    plan = plan_study(spec, prepared, {})
    runs = [run for run in unfinished(plan, folder, {}) if len(run.plan.languages) > 1]
    failed = LAUNCHERS["pool"](runs, folder, args.workers, Silent())
    assert not failed, failed
    outcomes = read_outcomes(plan, folder)
    table = measured(MEASUREMENTS["conflict"], outcomes, prepared)
    late = table[(table["level"] == "model") & (table["update"] >= args.updates)]
    partner = late["language_b"].str.partition("-")[0].map(PARTNERS)
    means = late.assign(pair=partner).groupby("pair")[["half", "control", "corrected"]].mean()
    return means.assign(seed=seed).reset_index()


def counts(found: pd.DataFrame) -> dict[str, int]:
    """Return in how many repetitions each order holds."""
    wide = found.pivot(index="seed", columns="pair", values="half")
    controls = found.pivot(index="seed", columns="pair", values="control")
    return {
        "repetitions": len(wide),
        "conflict below clone": int((wide["conflict"] < wide["clone"]).sum()),
        "conflict below twin": int((wide["conflict"] < wide["twin"]).sum()),
        "conflict below its control": int((wide["conflict"] < controls["conflict"]).sum()),
        "clone below its control": int((wide["clone"] < controls["clone"]).sum()),
        "twin below its control": int((wide["twin"] < controls["twin"]).sum()),
    }


def main() -> None:
    """Run the repetitions and write the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--updates", type=int, default=400, help="per language")
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    tables = []
    for seed in range(args.seeds):
        tables.append(repetition(seed, args))
        print(tables[-1].round(3).to_string(index=False), flush=True)
        found = pd.concat(tables)
        content = {
            "settings": {key: str(value) for key, value in vars(args).items() if key != "out"},
            "counts": counts(found),
            "means": found.groupby("pair")[["half", "control", "corrected"]].mean().to_dict(),
            "by repetition": found.round(4).to_dict("records"),
        }
        write_atomically(RESULT, json.dumps(content, indent=1) + "\n")
    print(json.dumps(content["counts"], indent=1))


if __name__ == "__main__":
    main()
