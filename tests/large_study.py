"""An invented study of many languages, treatments and seeds: is its report still one small page?

No number in it was measured. `python tests/large_study.py FOLDER [LANGUAGES TREATMENTS SEEDS]`
writes one.
"""

import json
import sys
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd

TASKS = {"masked_lm": "bits_per_byte", "ner": "entity_f1", "pos": "pos_accuracy"}
WORDS = ("HURT", "HELPED", "INCONCLUSIVE", "UNDERPOWERED")
POINTS = 10  # of a learning curve


def write_large_study(
    folder: Path, n_languages: int = 30, n_treatments: int = 20, n_seeds: int = 10
) -> Path:
    """Write the folder and return it: one mixture of all languages."""
    codes = [f"q{chr(97 + place // 26)}{chr(97 + place % 26)}-Latn" for place in range(n_languages)]
    extra = [f"treatment_{place}" for place in range(n_treatments - 2)]
    treatments = ["untreated", "temperature", *extra]
    rng = np.random.default_rng(3)
    folder.mkdir(parents=True, exist_ok=True)
    _write_verdicts(folder, codes, treatments, n_seeds, rng)
    _write_comparisons(folder, codes, treatments, n_seeds, rng)
    _write_runs(folder, codes, treatments, n_seeds)
    about = {
        "name": "large",
        "title": "A large study",
        "languages": [{"code": code, "name": f"Synthetic {code[:3]}"} for code in codes],
        "treatments": [{"label": one, "name": one, "options": {}} for one in treatments],
        "conflict_every": 40,
    }
    (folder / "study.json").write_text(json.dumps(about))
    (folder / "notes.json").write_text("[]")
    (folder / "spec.yaml").write_text("name: large\n")
    return folder


def _grid(**axes: list[object]) -> pd.DataFrame:
    return pd.DataFrame(list(product(*axes.values())), columns=list(axes))


def _measured(table: pd.DataFrame, effect: str, words: tuple[str, ...], rng: object) -> None:
    """Add an effect with its interval, test and verdict."""
    assert isinstance(rng, np.random.Generator)
    n = len(table)
    table[effect] = rng.normal(0, 0.03, n)
    half = 0.02 + 0.02 * rng.random(n)
    table["ci_low"], table["ci_high"] = table[effect] - half, table[effect] + half
    table["p"], table["p_holm"] = rng.random(n), rng.random(n)
    table["verdict"] = rng.choice(words, n)
    table["mde"] = 1.3 * half
    table["n_examples"] = 1000
    table["note"] = ""


def _write_verdicts(
    folder: Path, codes: list[str], treatments: list[str], n_seeds: int, rng: np.random.Generator
) -> None:
    matches = ["language", "total"]
    within = _grid(treatment=treatments, match=matches, task=list(TASKS), language=codes)
    _measured(within, "interference", WORDS, rng)
    within = within.assign(setting="within_language", source_language=within["language"])
    within["monolingual"] = 0.7 + 0.05 * rng.random(len(within))
    within["multilingual"] = within["monolingual"] - within["interference"]
    zero = _grid(
        treatment=treatments, task=["ner", "pos"], source_language=codes, language=codes
    ).assign(setting="zero_shot", match="language")
    zero = zero[zero["source_language"] != zero["language"]]
    zero["multilingual"] = 0.3 + 0.1 * rng.random(len(zero))
    table = pd.concat([within, zero], ignore_index=True)
    table = table.assign(mixture="+".join(codes), metric=table["task"].map(TASKS), n_seeds=n_seeds)
    table.to_csv(folder / "verdicts.csv", index=False)


def _write_comparisons(
    folder: Path, codes: list[str], treatments: list[str], n_seeds: int, rng: np.random.Generator
) -> None:
    table = _grid(
        treatment=treatments[1:],
        reference=["untreated", "temperature"],
        task=list(TASKS),
        setting=["within_language", "zero_shot"],
        language=codes,
    )
    table = table[table["treatment"] != table["reference"]]
    table = table[(table["task"] != "masked_lm") | (table["setting"] != "zero_shot")].copy()
    _measured(table, "gain", ("BETTER", "WORSE", "INCONCLUSIVE", "UNDERPOWERED"), rng)
    table = table.assign(
        mixture="+".join(codes),
        metric=table["task"].map(TASKS),
        source_language=codes[0],
        reference_value=0.6,
        value=0.6 + table["gain"],
        n_seeds=n_seeds,
    )
    table.to_csv(folder / "comparisons.csv", index=False)


def _write_runs(folder: Path, codes: list[str], treatments: list[str], n_seeds: int) -> None:
    """Write the runs with their curves, and the tables that have a row a run."""
    confounds, records, looks = [], [], []
    joint = [(treatment, codes, "") for treatment in treatments]
    alone = [("monolingual", [one], match) for one in codes for match in ("language", "total")]
    for (treatment, mixture, match), seed in product(joint + alone, range(n_seeds)):
        name = "all" if len(mixture) > 1 else mixture[0]
        run_id = f"pretrain-{treatment}-{name}-{match}-s{seed}"
        run = {"run_id": run_id, "treatment": treatment, "mixture": "+".join(mixture)}
        run |= {"match": match, "seed": seed}
        _write_curve(folder / "runs" / run_id, run, mixture)
        records.append(
            run
            | {"stage": "pretrain", "task": "masked_lm", "passes": 1000.0, "wall_s": 60.0}
            | {"updates": 1000, "tokens": 1e6, "peak_memory_mb": 500.0, "status": "ok"}
        )
        confounds += [
            run
            | {"language": code, "tokens": 1e6, "updates": 1000.0, "epochs": 3.0}
            | {"vocabulary_share": 0.1, "fertility": 1.8, "unknown_rate": 0.0}
            | {"bytes_per_token": 2.5, "unigram_nats": 6.0, "dev_nats": 3.5, "left_plateau": True}
            for code in mixture
        ]
        if len(mixture) > 1 and seed == 0:
            looks += _looks(run, codes)
    pd.DataFrame(confounds).to_csv(folder / "confounds.csv", index=False)
    pd.DataFrame(records).to_csv(folder / "records.csv", index=False)
    pd.DataFrame(looks).to_csv(folder / "conflict.csv", index=False)
    shares = _grid(treatment=treatments, language=codes).assign(
        mixture="+".join(codes), shared=1_000_000, language_specific=10_000
    )
    shares.to_csv(folder / "parameters.csv", index=False)


def _looks(run: dict[str, object], codes: list[str]) -> list[dict[str, object]]:
    """Cosines of neighbouring languages at two updates."""
    return [
        run
        | {"task": "masked_lm", "level": "model", "name": "", "update": update}
        | {"language_a": first, "language_b": second, "cosine": 0.1, "corrected": 0.2}
        | {"half": 0.1, "control": 0.3}
        for first, second in pairwise(codes)
        for update in (500, 1000)
    ]


def _write_curve(folder: Path, run: dict[str, object], mixture: list[str]) -> None:
    """Write dev losses that fall."""
    folder.mkdir(parents=True, exist_ok=True)
    spec = {**run, "stage": "pretrain", "mixture": mixture, "languages": mixture, "options": {}}
    # JSON is YAML, and a thousand files of it are written in a tenth of the time.
    (folder / "spec.yaml").write_text(json.dumps(spec))
    lines = [
        {
            "kind": "dev",
            "update": 100 * (point + 1),
            "loss_by_language": dict.fromkeys(mixture, 6.0 - 0.25 * point),
        }
        for point in range(POINTS)
    ]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    sizes = [int(one) for one in sys.argv[2:]]
    print(write_large_study(Path(sys.argv[1]), *sizes))
