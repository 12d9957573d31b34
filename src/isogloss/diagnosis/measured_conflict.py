"""Gradient conflict, as a measurement: what a training logged of it, as a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

from isogloss.core import own_columns
from isogloss.diagnosis.measurement import FinishedRun, Row

_LOG: Final = "conflict.jsonl"


class MeasuredConflict:
    """The cosines of every pair of languages over a training; see `ConflictProbe`.

    `level` is "model" (a row per update that was measured), or "layer" or "kind" (the mean over the
    training; `update` is empty). `half` and `control` (the mean of the two languages' same-language
    cosines) have the same noise; `corrected` has no bias of noise. A pair of which one language's
    gradient was not finite has no row for that update.
    """

    name: ClassVar[str] = "conflict"
    what: ClassVar[str] = "Do the languages' gradients pull the weights apart?"
    columns: ClassVar[tuple[str, ...]] = own_columns("conflict")
    stages: ClassVar[tuple[str, ...]] = ("pretrain", "finetune")
    when: ClassVar[Literal["run", "tables"]] = "tables"
    on_request: ClassVar[bool] = False

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return one row per pair of languages and update, and one per layer and kind of module."""
        from isogloss.training import read_metrics

        return conflict_rows(read_metrics(run.folder, _LOG))


def conflict_rows(measured: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of one training's measurements (`conflict_row`); see `MeasuredConflict`."""
    import pandas as pd  # here: what only lists the measurements does not wait for it

    rows: list[dict[str, Any]] = [
        {
            **_pair(pair),
            "level": "model",
            "name": "",
            "update": row["update"],
            "cosine": cosine,
            "corrected": row["corrected"][pair],
            "half": row["half"][pair],
            "control": _control(row, pair),
        }
        for row in measured
        for pair, cosine in row["cosine"].items()
    ]
    for level, key in (("layer", "layers"), ("kind", "kinds")):
        found = pd.DataFrame(
            [
                {"name": name, "pair": pair, "cosine": cosine}
                for row in measured
                for name, by_pair in row[key].items()
                for pair, cosine in by_pair.items()
            ],
            columns=["name", "pair", "cosine"],
        )
        for (name, pair), cosines in found.groupby(["name", "pair"], sort=False)["cosine"]:
            mean = cosines.astype(float).mean()
            rows.append({**_pair(str(pair)), "level": level, "name": name, "cosine": mean})
    return rows


def _pair(name: str) -> dict[str, str]:
    first, _, second = name.partition("|")
    return {"language_a": first, "language_b": second}


def _control(row: Mapping[str, Any], pair: str) -> float | None:
    """Return the mean of the two languages' cosines with themselves."""
    # Runs that were trained before this word are read as well.
    control = row["control"] if "control" in row else row["same_language"]
    values = [control[language] for language in pair.split("|")]
    return None if None in values else sum(values) / 2
