"""Do gates find what two languages share, where what they share is known?

Each repetition generates new languages (base, a clone of it in other words, a twin in other
sentences, an unrelated one), trains one joint model, and makes its sharing map and its groups. A
clone is the base's grammar in other words; an unrelated language has its own grammar and words.

    python benchmarks/sharing.py --out /tmp/sharing --repetitions 10

The folder keeps finished runs and gates: a killed script goes on when it is given again.
"""

import argparse
import json
import time
from pathlib import Path

import pandas as pd
from ground_truth import Silent

from isogloss.data import synthesise
from isogloss.diagnosis import GateTraining, SharingSettings, adjusted_rand
from isogloss.study import (
    LAUNCHERS,
    GroupChoices,
    StudySpec,
    parse_spec,
    plan_study,
    prepare,
    write_groups,
    write_sharing,
)
from isogloss.study.study import unfinished

RESULT = Path(__file__).parent / "results" / "sharing.json"
RECIPE = "base,clone,twin,unrelated"
BASE, CLONE, TWIN, UNRELATED = LANGUAGES = tuple(f"qa{letter}-Latn" for letter in "abcd")
# The twin is the base itself; the unrelated language is alone.
PLANTED = (0, 0, 0, 1)


def spec_of(repetition: int, updates: int) -> StudySpec:
    """Return the study of one repetition: one joint model."""
    return parse_spec(
        {
            "name": f"sharing {repetition}",
            "mixtures": [[one.partition("-")[0] for one in LANGUAGES]],
            "treatments": ["untreated", "monolingual"],
            "seeds": [repetition],
            "model": "nano",
            "tokenizer": {"vocabulary_size": 900},
            "pretraining": {"updates": updates, "length": 64, "learning_rate": 0.003},
            "logging": {"conflict": 0},
        },
        "sharing",
    )


def main() -> None:
    """Run the repetitions and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--updates", type=int, default=250)
    parser.add_argument("--gate-updates", type=int, default=150)
    parser.add_argument("--rows", type=int, default=8)
    args = parser.parse_args()
    found = []
    for repetition in range(args.repetitions):
        found.append(measure(repetition, args))
        print(json.dumps(found[-1]), flush=True)
        write(found, args)


def measure(repetition: int, args: argparse.Namespace) -> dict[str, object]:
    """Return what one repetition found."""
    folder = args.out / str(repetition)
    synthesise(RECIPE, folder / "data", seed=repetition, sentences=12_000)
    spec = spec_of(repetition, args.updates)
    prepared = prepare(spec, str(folder / "data"), folder / "study")
    plan = plan_study(spec, prepared, {})
    runs = [
        run
        for run in unfinished(plan, folder / "study", {})
        if run.stage == "pretrain" and len(run.plan.languages) == len(LANGUAGES)
    ]
    began = time.process_time()
    failed = LAUNCHERS["inline"](runs, folder / "study", 1, Silent())
    assert not failed, failed
    trained = time.process_time() - began
    settings = SharingSettings(rows=args.rows, training=GateTraining(updates=args.gate_updates))
    began = time.process_time()
    sharing = write_sharing(folder / "study", folder / "sharing", settings).tables
    mapped = time.process_time() - began
    groups = write_groups(folder / "study", folder / "groups", GroupChoices()).tables["groups"]
    labels = groups.groupby("affinity", sort=False)["group"].agg(list)
    return {
        "repetition": repetition,
        "layers": layers_of(sharing["sharing"]),
        "control": control_of(sharing["sharing"]),
        "gates": sharing["gates"].drop(columns="run_id").round(4).to_dict("records"),
        "neurons_off": sharing["neurons_off"].drop(columns="run_id").round(4).to_dict("records"),
        "adjusted_rand": {name: adjusted_rand(PLANTED, one) for name, one in labels.items()},
        "cpu_seconds": {"pretraining": round(trained, 1), "sharing map": round(mapped, 1)},
    }


def control_of(rows: pd.DataFrame) -> float:
    """Return the mean correlation of a language with itself."""
    return round(float(rows[rows["language_a"] == rows["language_b"]]["pearson"].mean()), 4)


def layers_of(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return, per half of a layer, the base's correlation with each other language."""
    own = rows[(rows["language_a"] == BASE) & (rows["language_b"] != BASE)]
    table = own.pivot_table(index=["layer", "sublayer"], columns="language_b", values="pearson")
    names = {CLONE: "clone", TWIN: "twin", UNRELATED: "unrelated"}
    return table.rename(columns=names).round(4).reset_index().to_dict("records")


def write(found: list[dict[str, object]], args: argparse.Namespace) -> None:
    """Write what was found so far, and the claims counted."""
    halves = [(one["repetition"], row) for one in found for row in one["layers"]]
    more = [(seed, row["clone"] > row["unrelated"]) for seed, row in halves]
    everywhere = [all(ok for seed, ok in more if seed == one["repetition"]) for one in found]
    names = list(found[0]["adjusted_rand"])
    content = {
        "settings": {key: str(value) for key, value in vars(args).items() if key != "out"},
        "clone shared more than unrelated, halves of layers": f"{sum(ok for _, ok in more)} of "
        f"{len(more)}",
        "in every half of every layer, repetitions": f"{sum(everywhere)} of {len(found)}",
        "same-language control": [one["control"] for one in found],
        "groups recovered (adjusted Rand 1), repetitions": {
            name: sum(one["adjusted_rand"].get(name) == 1 for one in found) for name in names
        },
        "repetitions": found,
    }
    RESULT.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
