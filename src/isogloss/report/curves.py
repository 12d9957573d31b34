"""Learning curves of the runs of a study: dev losses out of `runs/*/metrics.jsonl`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import yaml

CURVE_COLUMNS: Final = (
    *("run_id", "treatment", "options", "mixture", "match", "seed"),
    *("language", "update", "nats"),
)


def read_curves(runs: Path) -> pd.DataFrame:
    """Read the dev losses of every pretraining run.

    Args:
        runs: the folder `runs` of a study; may be absent.

    Returns:
        One row per run, language and update, columns `CURVE_COLUMNS`; empty where none was logged.
    """
    rows = [{**run, **point} for log, run in pretrainings(runs) for point in _dev_points(log)]
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def pretrainings(runs: Path) -> Iterator[tuple[Path, dict[str, object]]]:
    """Yield the log of every pretraining run, and what a curve needs to know of the run.

    Args:
        runs: the folder `runs` of a study; may be absent.
    """
    for log in sorted(runs.glob("*/metrics.jsonl")):
        spec = _spec(log.parent / "spec.yaml")
        if spec.get("stage", "pretrain") == "pretrain":
            yield log, _describe(spec, log.parent.name)


def events(log: Path, kind: str, mark: str) -> Iterator[dict[str, object]]:
    """Yield the rows of one kind that hold a key; a line torn by a killed run is skipped.

    Args:
        log: a `metrics.jsonl`.
        kind: "train" or "dev".
        mark: the key; lines without it are not even parsed.
    """
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if f'"{mark}"' not in line:
                continue
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and event.get("kind") == kind and mark in event:
                yield event


def with_roles(curves: pd.DataFrame, confounds: pd.DataFrame | None) -> pd.DataFrame:
    """Say what each run stood for: one run may serve several treatments or budget matches.

    Args:
        curves: as `read_curves` returns them.
        confounds: `confounds.csv`, which names the roles of every pretraining run, or None.

    Returns:
        The curves once for every role. A run without a role keeps the treatment of its own spec;
        one that names none (a setting that was tried and not chosen) is left out.
    """
    columns = ["treatment", "mixture", "match", "seed"]
    named = curves[curves["treatment"] != ""]
    if confounds is None:
        return named
    roles = confounds[["run_id", *columns]].drop_duplicates()
    played = curves["run_id"].isin(roles["run_id"])
    joined = curves[played].drop(columns=columns).merge(roles, on="run_id")
    if joined.empty:
        return named
    rest = named[~named["run_id"].isin(roles["run_id"])]
    both = [table for table in (joined[curves.columns], rest) if len(table)]
    return pd.concat(both, ignore_index=True)


def _spec(path: Path) -> dict[str, object]:
    """Return the run's spec; an unreadable one is empty, the curve is shown all the same."""
    try:
        loaded = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _describe(spec: Mapping[str, object], folder: str) -> dict[str, object]:
    """What a curve needs to know of its run."""
    mixture = spec.get("mixture") or spec.get("languages") or []
    options = spec.get("options")
    seed = spec.get("seed", 0)
    return {
        "run_id": str(spec.get("run_id", folder)),
        "treatment": str(spec.get("treatment") or ""),
        "options": _options(options) if isinstance(options, Mapping) else "",
        "mixture": mixture if isinstance(mixture, str) else "+".join(map(str, _list(mixture))),
        "match": str(spec.get("match") or ""),
        "seed": seed if isinstance(seed, int) else 0,
    }


def _options(options: Mapping[str, object]) -> str:
    """The options of a treatment in a few words."""
    return ", ".join(f"{name} {value}" for name, value in sorted(options.items()))


def _list(value: object) -> list[object]:
    """A list stays, anything else becomes one of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _dev_points(log: Path) -> Iterator[dict[str, object]]:
    """Yield language, update and loss."""
    for event in events(log, "dev", "loss_by_language"):
        losses = event["loss_by_language"]
        if not isinstance(losses, dict):
            continue
        for language, loss in losses.items():
            if isinstance(loss, int | float):
                yield {
                    "language": str(language),
                    "update": update_of(event),
                    "nats": float(loss),
                }


def update_of(event: Mapping[str, object]) -> int:
    """Return the update at which a row was logged."""
    update = event.get("update")
    return int(update) if isinstance(update, int | float) else 0


SIGNAL_COLUMNS: Final = (
    *("run_id", "treatment", "options", "mixture", "match", "seed"),
    *("update", "meta_ratio", "meta_cosine", "meta_validation_epochs"),
)


def read_signals(runs: Path) -> pd.DataFrame:
    """Read the meta-gradient's terms out of `runs/*/metrics.jsonl`.

    The gradient of a language's modules is g_dir - beta m: g_dir is the direct term, the gradient
    of the language's own validation loss, and m the cross-lingual one, which alone carries what
    other languages say. A run logs beta ||m|| / ||g_dir||, the cosine of beta m and g_dir, and how
    often its validation text has been read.

    Args:
        runs: the folder `runs` of a study; may be absent.

    Returns:
        One row per run and logged update, columns `SIGNAL_COLUMNS`; empty where no run logged any.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, equations of the meta-gradient.
        https://arxiv.org/abs/2010.03017
    """
    rows = [
        {
            **run,
            "update": update_of(event),
            "meta_ratio": _number(event["meta_ratio"]),
            "meta_cosine": _number(event.get("meta_cosine")),
            "meta_validation_epochs": _number(event.get("meta_validation_epochs")),
        }
        for log, run in pretrainings(runs)
        for event in events(log, "train", "meta_ratio")
    ]
    return pd.DataFrame(rows, columns=list(SIGNAL_COLUMNS))


def no_signals() -> pd.DataFrame:
    """Return the table of a study that logged none."""
    return pd.DataFrame(columns=list(SIGNAL_COLUMNS))


def _number(value: object) -> float:
    """A number, or nan for anything else."""
    return float(value) if isinstance(value, int | float) else float("nan")
