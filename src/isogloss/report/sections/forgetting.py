"""What fine-tuning forgets: masked-LM loss under the pretrained head, and how far weights went."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.bar_chart import Bar, bar_chart
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.naming import language_names, mixture_name, treatment_slots
from isogloss.report.study_files import NotAsked, Row, StudyFiles, number
from isogloss.report.wording import count, decimal, in_order, treatment_name

_LEAD: Final = (
    "Loss that fine-tuning added to the masked-LM of the same encoder with its first head, in nats "
    "a masked piece; positive = forgotten. Seen languages were fine-tuned on, unseen ones were "
    "not. Where the head shares its weights with the embeddings, the pretrained ones were put "
    "back. The distance is that of the encoder's weights from the pretrained ones, over their "
    "length."
)
_KEYS: Final = ["mixture", "task", "treatment"]


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return means over languages and seeds: one row a mixture, task and treatment.

    Columns: mixture, task, treatment, seen, unseen (nats forgotten), spread (standard deviation of
    `seen` over seeds), relative_distance, n_seeds. Monolingual fine-tunings are those at `match:
    language` where there are both.

    Raises:
        NotAsked: no fine-tuning was treated.
    """
    if "forgetting" not in study.tables:
        raise NotAsked
    table = study.tables["forgetting"]
    table = table[table["match"].isin(["", "language"])]
    seen = table["seen"].astype(str).str.lower() == "true"
    by_seed = pd.DataFrame(
        {
            name: rows.groupby([*_KEYS, "seed"], sort=False)["forgotten_nats"].mean()
            for name, rows in (("seen", table[seen]), ("unseen", table[~seen]))
        }
    )
    distance = table.groupby([*_KEYS, "seed"], sort=False)["relative_distance"].mean()
    groups = by_seed.join(distance).reset_index().groupby(_KEYS, sort=False)
    found = groups.agg(
        seen=("seen", "mean"),
        unseen=("unseen", "mean"),
        spread=("seen", "std"),
        relative_distance=("relative_distance", "mean"),
        n_seeds=("seed", "nunique"),
    ).reset_index()
    order = {name: place for place, name in enumerate(in_order(found["treatment"]))}
    return found.sort_values("treatment", key=lambda names: names.map(order), kind="stable")


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw what each treatment forgot of the seen languages, and print the table."""
    table = frame(study)
    names, slots = language_names(study), treatment_slots(study)
    exhibits = [
        Exhibit(
            title=f"{mixture_name(str(mixture), names)}, {task}",
            figures=[_bars(rows, slots)],
            table=_table(rows),
            download=download(rows, "forgetting"),
        )
        for (mixture, task), rows in table.groupby(["mixture", "task"], sort=False)
    ]
    return {"lead": _LEAD, "exhibits": exhibits}


def _bars(rows: pd.DataFrame, slots: Mapping[str, int]) -> Markup:
    """One bar a treatment: nats forgotten of the languages it was fine-tuned on."""
    bars = [
        Bar(
            label=treatment_name(str(row["treatment"])),
            slot=slots.get(str(row["treatment"]), 0),
            value=number(row["seen"]),
            text=decimal(number(row["seen"]), 2),
        )
        for row in rows.to_dict("records")
    ]
    return bar_chart(
        bars,
        title="Nats a masked piece that fine-tuning forgot of the languages it saw",
        description=" ".join(f"{bar.label}: {bar.text}." for bar in bars),
    )


def _table(rows: pd.DataFrame) -> Table:
    """The numbers."""
    return Table(
        caption="Means over languages and seeds",
        columns=[
            Column("Treatment"),
            Column("Forgotten", numeric=True, unit="seen, nats"),
            Column("Spread", numeric=True, unit="over seeds"),
            Column("Forgotten", numeric=True, unit="unseen, nats"),
            Column("Distance", numeric=True, unit="relative"),
            Column("Seeds", numeric=True),
        ],
        rows=[_row(row) for row in rows.to_dict("records")],
    )


def _row(row: Row) -> list[str]:
    """One line as printed."""
    return [
        treatment_name(str(row["treatment"])),
        *(decimal(number(row[column]), 2) for column in ("seen", "spread", "unseen")),
        decimal(number(row["relative_distance"]), 3),
        count(number(row["n_seeds"])),
    ]


SECTION = Section("forgetting", "Forgetting", "exhibits.html.j2", frame, build)
