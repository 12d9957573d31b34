"""What each treatment cost: time, updates, tokens, passes and memory."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

import pandas as pd

from isogloss.report.drawings.bar_chart import Bar, bar_chart
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotMeasured, Row, StudyFiles, number
from isogloss.report.text.naming import treatment_slots
from isogloss.report.text.wording import NONE, count, decimal, duration, in_order, treatment_name

_STAGES: Final = {"pretrain": "pretraining", "finetune": "fine-tuning"}
_LEAD: Final = (
    "Means over the runs of a treatment. A pass is one forward and backward of a batch; it counts "
    "what a treatment computes whatever the machine. Memory is the highest of the runs."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row per treatment and stage.

    Columns: treatment, stage, n_runs, wall_s, updates, tokens, passes (means), total_wall_s,
    peak_memory_mb (highest), relative_time (mean wall time over that of untreated).

    Raises:
        NotMeasured: there are no records, or none has a cost.
    """
    records = study.table("records")
    # A run writes one record a score; its cost is the same in all of them.
    runs = records.drop_duplicates(["run_id", "stage"])
    if runs["wall_s"].isna().all():
        raise NotMeasured("the records carry no wall time.")
    groups = runs.groupby(["treatment", "stage"], sort=False)
    table = groups.agg(
        n_runs=("run_id", "nunique"),
        wall_s=("wall_s", "mean"),
        updates=("updates", "mean"),
        tokens=("tokens", "mean"),
        passes=("passes", "mean"),
        total_wall_s=("wall_s", "sum"),
        peak_memory_mb=("peak_memory_mb", "max"),
    ).reset_index()
    plain = table[table["treatment"] == "untreated"].set_index("stage")["wall_s"]
    table["relative_time"] = table["wall_s"] / table["stage"].map(plain).astype(float)
    stages = {name: place for place, name in enumerate(_STAGES)}
    order = {name: place for place, name in enumerate(in_order(table["treatment"]))}
    ranks = table.assign(a=table["stage"].map(stages).fillna(9), b=table["treatment"].map(order))
    return table.loc[ranks.sort_values(["a", "b"], kind="stable").index].reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw the mean time of a run for every treatment and stage."""
    table = frame(study)
    slots = treatment_slots(study)
    bars = [
        Bar(
            label=f"{treatment_name(str(row['treatment']))}, {_stage(row['stage'])}",
            slot=slots.get(str(row["treatment"]), 0),
            value=float(row["wall_s"]),
            text=duration(float(row["wall_s"])),
        )
        for row in table.to_dict("records")
        if pd.notna(row["wall_s"])
    ]
    figure = bar_chart(
        bars,
        title="Mean wall time of a run",
        description=" ".join(f"{bar.label}: {bar.text}." for bar in bars),
    )
    exhibit = Exhibit("", [figure], _table(table, _needs(study)), download(table, "cost"))
    return {"lead": _LEAD, "exhibits": [exhibit], "open": True}


def _stage(stage: object) -> str:
    """The words for a stage."""
    return _STAGES.get(str(stage), str(stage))


def _needs(study: StudyFiles) -> Mapping[str, Sequence[str]]:
    """Return what each treatment needs translations for; empty where none needs any."""
    found = {
        str(one["label"]): list(map(str, cast("Sequence[object]", one.get("translations", []))))
        for one in study.items("treatments")
        if "label" in one
    }
    return found if any(found.values()) else {}


def _table(table: pd.DataFrame, needs: Mapping[str, Sequence[str]]) -> Table:
    """The costs as printed; translations are a cost too, where a treatment needs them."""
    extra = [Column("Needs translations", unit=f"for {one}") for one in _NEEDS] if needs else []
    return Table(
        caption="Cost of a run, by treatment and stage",
        columns=[
            Column("Treatment"),
            Column("Stage"),
            Column("Runs", numeric=True),
            Column("Wall time", numeric=True, unit="a run"),
            Column("Against untreated", numeric=True, unit="time"),
            Column("Wall time", numeric=True, unit="all runs"),
            Column("Updates", numeric=True),
            Column("Tokens", numeric=True),
            Column("Passes", numeric=True),
            Column("Peak memory", numeric=True, unit="MB"),
            *extra,
        ],
        rows=[_row(row, needs) for row in table.to_dict("records")],
    )


def _row(row: Row, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """One line as printed."""
    figures = {name: number(value) for name, value in row.items() if name not in _NAMES}
    relative = figures["relative_time"]
    own = needs.get(str(row["treatment"]), ()) if row["stage"] == "finetune" else ()
    return [
        treatment_name(str(row["treatment"])),
        _stage(row["stage"]),
        count(figures["n_runs"]),
        duration(figures["wall_s"]),
        f"{decimal(relative, 2)} ×" if pd.notna(relative) else NONE,
        duration(figures["total_wall_s"]),
        count(figures["updates"]),
        count(figures["tokens"]),
        count(figures["passes"]),
        count(figures["peak_memory_mb"]),
        *(["yes" if one in own else "no" for one in _NEEDS] if needs else []),
    ]


_NEEDS: Final = ("training", "inference")
_NAMES: Final = ("treatment", "stage")
SECTION = Section("cost", "Cost", "exhibits.html.j2", frame, build)
