"""A small invented study folder that keeps the file contract: what the report's tests read.

No number in it was measured. `python tests/toy_study.py FOLDER [hostile|nothing|one_seed|paper]`
writes one, so that a change of the report can be looked at without training anything.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from isogloss.core import diagnosis_rows

HOSTILE_NAME = "<script>window.hostile=1</script>"
HOSTILE_LABEL = '"><img src=x onerror="window.hostile=2">'
NAMES = {
    "eng-Latn": ("English", "Indo-European"),
    "swa-Latn": ("Swahili", "Atlantic-Congo"),
    "ara-Arab": ("Arabic", "Afro-Asiatic"),
}
METRICS = {"masked_lm": "bits_per_byte", "ner": "entity_f1", "pos": "pos_accuracy"}
JOINT = ("untreated", "temperature", "language_adapters")
GAINS = {
    "untreated": (0.0, 0.0),
    "temperature": (0.012, 0.006),
    "language_adapters": (0.034, -0.081),
    "language_ffn": (0.041, -0.21),
    "meta_adapters": (0.038, 0.027),
}
OF_THE_PAPER = ("language_ffn", "meta_adapters")
# True interference of untreated joint training, in fractions, under equal updates on the language.
HARM = {"eng-Latn": -0.004, "swa-Latn": 0.046, "ara-Arab": -0.029}
UPDATES = 1200


@dataclass(frozen=True)
class Toy:
    """What to invent."""

    seeds: tuple[int, ...] = (1, 2, 3)
    hostile: bool = False
    nothing_found: bool = False
    plateau: bool = False
    paper: bool = False

    @property
    def names(self) -> dict[str, str]:
        """Names of the languages, one of them an attack where asked for."""
        names = {code: name for code, (name, _) in NAMES.items()}
        return {**names, "swa-Latn": HOSTILE_NAME} if self.hostile else names

    @property
    def treatments(self) -> tuple[str, ...]:
        """Joint treatments, one of them an attack where asked for, more of them with a paper."""
        third = HOSTILE_LABEL if self.hostile else JOINT[2]
        return (*JOINT[:2], third, *(OF_THE_PAPER if self.paper else ()))


def write_toy_study(folder: Path, toy: Toy | None = None, *, without: tuple[str, ...] = ()) -> Path:
    """Write the folder and return it; files named in `without` are left out."""
    toy = toy or Toy()
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    verdicts = pd.DataFrame(_verdicts(toy, rng))
    confounds = pd.DataFrame(_confounds(toy))
    tables = {
        "verdicts.csv": verdicts,
        "comparisons.csv": pd.DataFrame(_comparisons(toy, rng)),
        "confounds.csv": confounds,
        "diagnoses.csv": pd.DataFrame(
            diagnosis_rows(verdicts.to_dict("records"), confounds.to_dict("records"))
        ),
        "records.csv": pd.DataFrame(_records(toy, verdicts)),
        "parameters.csv": pd.DataFrame(_parameters(toy)),
    }
    if toy.paper:
        tables["conflict.csv"] = pd.DataFrame(_conflict(toy))
    for name, table in tables.items():
        if name not in without:
            table.to_csv(folder / name, index=False)
    texts = {
        "study.json": json.dumps(_about(toy)),
        "notes.json": json.dumps(_notes(toy)),
        "spec.yaml": yaml.safe_dump(_spec(toy), sort_keys=False),
    }
    for name, text in texts.items():
        if name not in without:
            (folder / name).write_text(text, encoding="utf-8")
    if "runs" not in without:
        _write_runs(folder / "runs", toy, rng)
    return folder


def _conflict(toy: Toy) -> Iterator[dict[str, object]]:
    """Cosines that fall from 0.5 to 0.1, half of what a language has with itself."""
    for treatment in toy.treatments:
        for first, second in _mixtures():
            for seed in toy.seeds:
                common = {
                    "treatment": treatment,
                    "mixture": f"{first}+{second}",
                    "task": "masked_lm",
                    "seed": seed,
                    "run_id": f"{treatment}-{second}-{seed}",
                    "language_a": first,
                    "language_b": second,
                }
                for update in range(0, UPDATES, 200):
                    cosine = 0.5 - 0.4 * update / 1000
                    found = {"cosine": cosine, "corrected": 2 * cosine, "half": cosine}
                    yield (
                        common
                        | found
                        | {
                            "level": "model",
                            "update": update,
                            "control": 2 * cosine,
                        }
                    )
                for layer in range(2):
                    name = f"backbone.model.layers.{layer}"
                    yield common | {"level": "layer", "name": name, "cosine": 0.2 - 0.3 * layer}


def _mixtures() -> list[list[str]]:
    return [["eng-Latn", "swa-Latn"], ["eng-Latn", "ara-Arab"]]


def _scale(metric: str) -> float:
    return 2.4 if metric == "bits_per_byte" else 1.0


def _verdicts(toy: Toy, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    for treatment in toy.treatments:
        gain, zero_gain = list(GAINS.values())[toy.treatments.index(treatment)]
        for mixture in _mixtures():
            for match in ("language", "total"):
                for task, metric in METRICS.items():
                    for language in mixture:
                        harm = 0.0 if toy.nothing_found else HARM[language] - gain
                        harm += 0.055 if match == "total" and not toy.nothing_found else 0.0
                        yield _within(
                            (treatment, mixture, match, task, metric, language), harm, toy, rng
                        )
                        if task != "masked_lm" and match == "language":
                            source = next(one for one in mixture if one != language)
                            yield _zero(
                                (treatment, mixture, match, task, metric, language),
                                (source, 0.31 + zero_gain),
                                toy,
                                rng,
                            )


def _keys(place: tuple[object, ...], toy: Toy) -> dict[str, object]:
    treatment, mixture, match, task, metric, language = place
    return {
        "treatment": treatment,
        "mixture": "+".join(mixture),  # type: ignore[arg-type]
        "match": match,
        "task": task,
        "metric": metric,
        "language": language,
        "n_seeds": len(toy.seeds),
        "n_examples": 480 if task != "masked_lm" else 1200,
    }


def _within(
    place: tuple[object, ...], harm: float, toy: Toy, rng: np.random.Generator
) -> dict[str, object]:
    metric = str(place[4])
    scale = _scale(metric)
    estimate = (harm + rng.normal(0, 0.002)) * scale
    half = (0.012 + 0.004 * rng.random()) * scale
    base = 1.62 if metric == "bits_per_byte" else (0.62 if metric == "entity_f1" else 0.84)
    monolingual = base + rng.normal(0, 0.01)
    sign = -1.0 if metric == "bits_per_byte" else 1.0
    wide = metric == "pos_accuracy" and place[5] == "ara-Arab"
    half *= 3.0 if wide else 1.0
    found = "HURT" if estimate > 0 else "HELPED"
    none = "UNDERPOWERED" if wide else "INCONCLUSIVE"
    clear = abs(estimate) > half
    return {
        **_keys(place, toy),
        "setting": "within_language",
        "source_language": place[5],
        "monolingual": monolingual,
        "multilingual": monolingual - sign * estimate,
        "interference": estimate,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "p": 0.0002 if clear else 0.31,
        "p_holm": 0.0004 if clear else 0.62,
        "verdict": found if clear else none,
        "mde": 1.2 * half,
        "note": "",
    }


def _zero(
    place: tuple[object, ...], source: tuple[str, float], toy: Toy, rng: np.random.Generator
) -> dict[str, object]:
    return {
        **_keys(place, toy),
        "setting": "zero_shot",
        "source_language": source[0],
        "multilingual": source[1] + rng.normal(0, 0.02),
        "verdict": "",
        "note": "",
    }


def _comparisons(toy: Toy, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    gains = dict(zip(toy.treatments, GAINS.values(), strict=False))
    for reference in toy.treatments[:3]:
        for treatment in toy.treatments[1:]:
            if treatment == reference:
                continue
            if reference == toy.treatments[2] and treatment != "meta_adapters":
                continue
            for mixture in _mixtures():
                for task, metric in METRICS.items():
                    for language in mixture:
                        for index, setting in enumerate(("within_language", "zero_shot")):
                            if setting == "zero_shot" and task == "masked_lm":
                                continue
                            gain = gains[treatment][index] - gains[reference][index]
                            yield _comparison(
                                (treatment, mixture, reference, task, metric, language),
                                (setting, gain),
                                toy,
                                rng,
                            )


def _comparison(
    place: tuple[object, ...], effect: tuple[str, float], toy: Toy, rng: np.random.Generator
) -> dict[str, object]:
    setting, true = effect
    metric = str(place[4])
    gain = (true + rng.normal(0, 0.004)) * _scale(metric)
    half = 0.014 * _scale(metric)
    keys = _keys(place, toy)
    keys["reference"] = keys.pop("match")
    mixture = list(place[1])  # type: ignore[call-overload]
    other = next(one for one in mixture if one != place[5])
    sign = -1.0 if metric == "bits_per_byte" else 1.0
    return {
        **keys,
        "setting": setting,
        "source_language": other if setting == "zero_shot" else place[5],
        "reference_value": 0.5,
        "value": 0.5 + sign * gain,
        "gain": gain,
        "ci_low": gain - half,
        "ci_high": gain + half,
        "p": 0.01,
        "p_holm": 0.03,
        "verdict": "INCONCLUSIVE" if abs(gain) < half else ("BETTER" if gain > 0 else "WORSE"),
        "mde": 1.3 * half,
    }


def _run_list(toy: Toy) -> Iterator[dict[str, object]]:
    for seed in toy.seeds:
        for language in NAMES:
            for match, factor in (("language", 1), ("total", 2)):
                yield _run("monolingual", [language], match, seed, UPDATES * factor)
        for mixture in _mixtures():
            for treatment in toy.treatments:
                yield _run(treatment, mixture, "", seed, UPDATES * 2)


def _run(
    treatment: str, mixture: list[str], match: str, seed: int, updates: int
) -> dict[str, object]:
    place = f"{list(GAINS).index(treatment) if treatment in GAINS else 9}"
    return {
        "run_id": f"pretrain-{place}-{'-'.join(code[:3] for code in mixture)}-{match}-{seed}",
        "stage": "pretrain",
        "treatment": treatment,
        "options": {"exponent": 0.3} if treatment == "temperature" else {},
        "mixture": mixture,
        "languages": mixture,
        "seed": seed,
        "task": "masked_lm",
        "source_language": None,
        "updates": updates,
        "starts_from": None,
        "match": match,
    }


def _stuck(run: dict[str, object], toy: Toy) -> bool:
    return toy.plateau and run["treatment"] == "monolingual" and run["match"] == "language"


def _confounds(toy: Toy) -> Iterator[dict[str, object]]:
    for run in _run_list(toy):
        mixture = list(run["mixture"])  # type: ignore[call-overload]
        for language in mixture:
            place = list(NAMES).index(language)
            yield {
                "run_id": run["run_id"],
                "treatment": run["treatment"],
                "mixture": "+".join(mixture),
                "match": run["match"],
                "seed": run["seed"],
                "language": language,
                "tokens": int(run["updates"]) * 2048 // len(mixture),  # type: ignore[call-overload]
                "updates": int(run["updates"]) // len(mixture),  # type: ignore[call-overload]
                "epochs": 12.5,
                "vocabulary_share": (0.44, 0.31, 0.25)[place],
                "fertility": (1.62, 1.98, 2.31)[place],
                "unknown_rate": 0.0001 * place,
                "bytes_per_token": (3.1, 2.7, 3.4)[place],
                "unigram_nats": 6.1 + 0.08 * place,
                "dev_nats": 6.05 if _stuck(run, toy) else 3.6 + 0.1 * place,
                "left_plateau": not _stuck(run, toy),
            }


def _parameters(toy: Toy) -> Iterator[dict[str, object]]:
    specific = {"language_adapters": 37_632, "language_ffn": 1_182_720, "meta_adapters": 37_632}
    mixtures = [*([language] for language in NAMES), *_mixtures()]
    for mixture in mixtures:
        for treatment in toy.treatments if len(mixture) > 1 else ("monolingual",):
            for language in mixture:
                yield {
                    "treatment": treatment,
                    "mixture": "+".join(mixture),
                    "language": language,
                    "shared": 2_183_424,
                    "language_specific": specific.get(treatment, 0),
                }


def _records(toy: Toy, verdicts: pd.DataFrame) -> Iterator[dict[str, object]]:
    for run in _run_list(toy):
        for stage in ("pretrain", "finetune"):
            cost = {"language_adapters": 1.09}.get(str(run["treatment"]), 1.0)
            updates = int(run["updates"]) if stage == "pretrain" else 300  # type: ignore[call-overload]
            rows = verdicts[verdicts["setting"] == "within_language"].head(2)
            for row in rows.to_dict("records"):
                yield {
                    "study": "toy",
                    "run_id": str(run["run_id"]).replace("pretrain", stage),
                    "treatment": run["treatment"],
                    "mixture": "+".join(run["mixture"]),  # type: ignore[arg-type]
                    "match": run["match"],
                    "languages": 2,
                    "seed": run["seed"],
                    "stage": stage,
                    "task": row["task"],
                    "metric": row["metric"],
                    "setting": "within_language",
                    "source_language": row["language"],
                    "target_language": row["language"],
                    "value": row["multilingual"],
                    "n_examples": row["n_examples"],
                    "status": "ok",
                    "updates": updates,
                    "tokens": updates * 2048,
                    "passes": updates,
                    "wall_s": 0.11 * updates * cost,
                    "peak_memory_mb": 640 + 40 * cost,
                    "spec_hash": "0" * 16,
                    "version": "0.1.0",
                }


def _write_runs(runs: Path, toy: Toy, rng: np.random.Generator) -> None:
    for run in _run_list(toy):
        folder = runs / str(run["run_id"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "spec.yaml").write_text(yaml.safe_dump(run), encoding="utf-8")
        lines = [
            json.dumps({"kind": "train", "update": 1, "updates": run["updates"], "loss": 8.2}),
            *(json.dumps(event) for event in _meta_events(run, rng)),
            *(json.dumps(event) for event in _dev_events(run, toy, rng)),
            '{"kind": "dev", "upd',  # a run that was killed while writing
        ]
        (folder / "metrics.jsonl").write_text("\n".join(lines), encoding="utf-8")


def _meta_events(run: dict[str, object], rng: np.random.Generator) -> Iterator[dict[str, object]]:
    """The authors' default: the cross-lingual term is 2.5e-4 of the direct one."""
    updates = int(run["updates"]) if run["treatment"] == "meta_adapters" else 0  # type: ignore[call-overload]
    for update in range(50, updates, 50):
        yield {
            "kind": "train",
            "update": update,
            "loss": 5.0,
            "meta_ratio": 2.5e-4 * float(np.exp(rng.normal(0, 0.2))),
            "meta_cosine": float(rng.normal(-0.05, 0.1)),
            "meta_validation_epochs": update / 100,
        }


def _dev_events(
    run: dict[str, object], toy: Toy, rng: np.random.Generator
) -> Iterator[dict[str, object]]:
    updates = int(run["updates"])  # type: ignore[call-overload]
    mixture = list(run["mixture"])  # type: ignore[call-overload]
    late = 500 if len(mixture) == 1 else 900
    late -= 160 if run["treatment"] not in ("monolingual", "untreated") else 0
    for update in range(100, updates + 1, 100):
        losses = {}
        for place, language in enumerate(NAMES):
            if language not in mixture:
                continue
            drop = 0.0 if _stuck(run, toy) else 2.6 / (1 + np.exp(-(update - late) / 180))
            start = 6.1 + 0.08 * place + 1.6 * np.exp(-update / 90)
            losses[language] = float(start - drop + rng.normal(0, 0.03))
        yield {"kind": "dev", "update": update, "loss_by_language": losses}


def _about(toy: Toy) -> dict[str, object]:
    return {
        "name": "toy",
        "title": HOSTILE_NAME if toy.hostile else "Does English hurt Swahili and Arabic?",
        "question": "One small encoder, two mixtures, three treatments, equal budgets.",
        "command": "isogloss run studies/toy.yaml --out out/toy",
        "started": "2026-11-20T09:00:00Z",
        "finished": "2026-11-20T10:12:00Z",
        "wall_s": 4320,
        "machine": {"processor": "toy", "cores": 2, "memory_gb": 24},
        "versions": {"isogloss": "0.1.0", "python": "3.11", "torch": "2.13"},
        "methods": "Every model is the same encoder of 2.2 M parameters with the same vocabulary "
        "of 2,000 pieces. Monolingual and joint runs read the same rows of each language in the "
        "same order. This study is invented; it shows the form of a report.",
        "citations": [
            {
                "key": "wang2020negative",
                "text": "Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: "
                "Findings and A Meta-Learning Treatment. EMNLP 2020.",
                "bibtex": "@inproceedings{wang2020negative,\n  title = {On Negative Interference "
                "in Multilingual Models: Findings and A Meta-Learning Treatment},\n  author = "
                "{Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},\n  booktitle = "
                "{EMNLP},\n  year = {2020}\n}",
            }
        ],
        "reference": "wang2020" if toy.paper else None,
        "languages": [
            {"code": code, "name": toy.names[code], "family": family}
            for code, (_, family) in NAMES.items()
        ],
    }


def _notes(toy: Toy) -> list[dict[str, str]]:
    notes = [{"level": "note", "text": "The temperature was chosen on one seed by dev score."}]
    if toy.hostile:
        notes.append({"level": "refusal", "text": f"Budgets of {HOSTILE_LABEL} differ by 4 %."})
    return notes


def _spec(toy: Toy) -> dict[str, object]:
    return {
        "name": "toy",
        "mixtures": _mixtures(),
        "treatments": ["monolingual", *toy.treatments],
        "seeds": list(toy.seeds),
        "fingerprints": dict.fromkeys(NAMES, "0123456789abcdef" * 4),
        "note": HOSTILE_LABEL if toy.hostile else "plain",
    }


KINDS = {
    "plain": Toy(),
    "hostile": Toy(hostile=True),
    "nothing": Toy(nothing_found=True),
    "one_seed": Toy(seeds=(1,), plateau=True),
    "paper": Toy(paper=True),
}

if __name__ == "__main__":
    kind = sys.argv[2] if len(sys.argv) > 2 else "plain"
    print(write_toy_study(Path(sys.argv[1]), KINDS[kind]))
