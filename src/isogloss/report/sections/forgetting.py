"""What each fine-tuning forgot of its pretraining, and how far its weights went."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.drawings.bar_chart import Bar, bar_chart
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, NotMeasured, Row, StudyFiles, number
from isogloss.report.text.naming import treatment_slots
from isogloss.report.text.wording import (
    MINUS,
    NONE,
    count,
    decimal,
    in_order,
    percent,
    task_name,
    treatment_name,
)

_LEAD: Final = (
    "Masked-LM loss of the fine-tuned encoder under the head it was pretrained with, minus that of "
    "the pretrained model on the same masks, in nats per masked token; positive: forgotten. Means "
    "over languages and seeds. Seen: languages that the model was fine-tuned on; unseen: others "
    "that it was pretrained on. The distance is that of the encoder's weights from the pretrained "
    "ones, over the norm of those."
)
_KEYS: Final = ["task", "treatment"]
_KINDS: Final = ("seen", "unseen")


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row per task and treatment.

    Columns: task, treatment, seen, unseen (mean nats forgotten), seen_sd, unseen_sd (over seeds),
    relative_distance, n_runs.

    Raises:
        NotAsked: the study does not measure it.
        NotMeasured: no run measured what it forgot.
    """
    if "forgetting" not in study.tables:
        if "forgetting" not in {one.get("name") for one in study.items("measurements")}:
            raise NotAsked
        raise NotMeasured("no run measured what it forgot.")
    table = study.table("forgetting")
    kind = table["seen"].astype(bool).map({True: "seen", False: "unseen"})
    by_seed = table.assign(kind=kind).groupby([*_KEYS, "kind", "seed"], sort=False)
    groups = by_seed["forgotten_nats"].mean().groupby([*_KEYS, "kind"], sort=False)
    found = groups.mean().unstack().join(groups.std().unstack().add_suffix("_sd"))
    found = found.reindex(columns=[*_KINDS, *(f"{one}_sd" for one in _KINDS)])
    runs = table.drop_duplicates("run_id").groupby(_KEYS, sort=False)
    found["relative_distance"] = runs["relative_distance"].mean()
    found["n_runs"] = runs["run_id"].nunique()
    return found.reset_index()


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw what was forgotten of seen and unseen languages, one figure a task."""
    table = frame(study)
    slots = treatment_slots(study)
    exhibits = [
        _exhibit(rows, str(task), slots) for task, rows in table.groupby("task", sort=False)
    ]
    return {"lead": _LEAD, "open": True, "exhibits": exhibits}


def _exhibit(rows: pd.DataFrame, task: str, slots: Mapping[str, int]) -> Exhibit:
    """The treatments of one task."""
    by_name = {str(row["treatment"]): row for row in rows.to_dict("records")}
    bars = [
        Bar(
            label=f"{treatment_name(name)}, {kind}",
            slot=slots.get(name, 0),
            # Bars begin at zero: what was learned rather than forgotten is told by its number.
            value=max(number(by_name[name][kind]), 0.0),
            text=_signed(number(by_name[name][kind])),
        )
        for name in in_order(by_name)
        for kind in _KINDS
        if math.isfinite(number(by_name[name][kind]))
    ]
    figure = bar_chart(
        bars,
        title=f"{task_name(task)}: nats forgotten",
        description=" ".join(f"{bar.label}: {bar.text} nats." for bar in bars),
    )
    table = Table(
        caption=f"{task_name(task)}: nats per masked token that fine-tuning added, with the "
        "standard deviation over seeds",
        columns=[
            Column("Treatment"),
            Column("Seen languages", numeric=True, unit="nats"),
            Column("Unseen languages", numeric=True, unit="nats"),
            Column("Distance", numeric=True, unit="of the norm"),
            Column("Runs", numeric=True),
        ],
        rows=[_row(by_name[name]) for name in in_order(by_name)],
    )
    return Exhibit(task_name(task), [figure], table, download(rows, f"forgetting_{task}"))


def _row(row: Row) -> list[str]:
    """One treatment as printed."""
    return [
        treatment_name(str(row["treatment"])),
        *(_with_spread(number(row[kind]), number(row[f"{kind}_sd"])) for kind in _KINDS),
        percent(number(row["relative_distance"])),
        count(number(row["n_runs"])),
    ]


def _with_spread(nats: float, spread: float) -> str:
    """Nats with their standard deviation, where there is one."""
    if not math.isfinite(nats):
        return NONE
    return _signed(nats) + (f" \u00b1 {decimal(spread, 2)}" if math.isfinite(spread) else "")


def _signed(nats: float) -> str:
    """Nats with a sign."""
    text = decimal(nats, 2)
    return text if text.startswith(MINUS) else f"+{text}"


SECTION = Section("forgetting", "What fine-tuning forgot", "exhibits.html.j2", frame, build)
