"""Does a fresh quickstart find its planted conflict, and nothing between twins? In what time?

    python benchmarks/quickstarts.py --out /tmp/quickstarts --seeds 1..10

Runs `isogloss quickstart` once for each seed, so with other languages and other trainings, one
after the other, and reads the verdicts on bits per byte. `found`: the base is HURT by the conflict
with the same compute, after Holm. Processor seconds are those of all its processes. The folder
keeps finished quickstarts: a killed script goes on when it is given again.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

from isogloss.core import write_atomically

RESULT = Path(__file__).parent / "results" / "quickstarts.json"
BASE, PLANTED, TWINS = "qaa-Latn", "qaa-Latn+qab-Latn", "qaa-Latn+qac-Latn"


def spent_on(command: list[str], log: Path) -> dict[str, float]:
    """Run a command to its end; return its processor and wall seconds.

    Args:
        command: with its arguments.
        log: where its output goes.

    Raises:
        SystemExit: the command failed.
    """
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as file:
        actions = [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number in (1, 2)]
        process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}; see {log}")
    return {
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 1),
        "wall_s": round(time.monotonic() - began, 1),
    }


def answer_of(study: Path) -> dict[str, Any]:
    """Return what a finished quickstart says of the prediction of its languages."""
    table = pd.read_csv(study / "verdicts.csv", keep_default_na=False, na_values=[""])
    table = table[(table["metric"] == "bits_per_byte") & (table["setting"] == "within_language")]
    planted = table[(table["mixture"] == PLANTED) & (table["language"] == BASE)]
    compute, data = (
        planted[planted["match"] == match].iloc[0].to_dict() for match in ("total", "language")
    )
    twins = table[table["mixture"] == TWINS]
    diagnoses = pd.read_csv(study / "diagnoses.csv", keep_default_na=False, na_values=[""])
    diagnosed = diagnoses[(diagnoses["mixture"] == PLANTED) & (diagnoses["language"] == BASE)]
    diagnosed = diagnosed[diagnosed["metric"] == "bits_per_byte"]
    return {
        "found": compute["verdict"] == "HURT",
        "interference": round(compute["interference"], 4),
        "interval": [round(compute["ci_low"], 4), round(compute["ci_high"], 4)],
        "p": compute["p"],
        "p_holm": compute["p_holm"],
        "same data": [data["verdict"], round(data["interference"], 4), data["p_holm"]],
        "diagnosis": diagnosed["diagnosis"].tolist(),
        "twins": {
            f"{language} {'same data' if match == 'language' else 'same compute'}": verdict
            for language, match, verdict in zip(
                twins["language"], twins["match"], twins["verdict"], strict=True
            )
        },
    }


def quickstart(seed: int, folder: Path) -> dict[str, Any]:
    """Return the answer and the cost of one quickstart, run now or before."""
    kept = folder / f"{seed}.json"
    if not kept.is_file():
        study = folder / str(seed)
        command = [sys.executable, "-m", "isogloss", "quickstart", "--out", str(study)]
        spent = spent_on([*command, "--seed", str(seed)], folder / f"{seed}.log")
        found = {"seed": seed, **answer_of(study), **spent}
        write_atomically(kept, json.dumps(found, indent=1) + "\n")
    return json.loads(kept.read_text(encoding="utf-8"))


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the counts of all quickstarts."""
    return {
        "quickstarts": len(found),
        "conflict found": sum(one["found"] for one in found),
        "a twin called HURT": sum("HURT" in one["twins"].values() for one in found),
        "most processor seconds": max(one["cpu_s"] for one in found),
    }


def main() -> None:
    """Run the quickstarts and write what they found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", default="1..10", help="FIRST..LAST")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    first, last = map(int, args.seeds.split(".."))
    found = []
    for seed in range(first, last + 1):
        found.append(quickstart(seed, args.out))
        print(json.dumps(found[-1]), flush=True)
        content = {"counts": summary(found), "by seed": found}
        write_atomically(RESULT, json.dumps(content, indent=1) + "\n")
    print(json.dumps(summary(found), indent=1))


if __name__ == "__main__":
    main()
