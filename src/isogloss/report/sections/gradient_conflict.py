"""Do the languages pull the shared weights apart, when, and where in the model?"""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.drawings.line_chart import Series, line_chart, line_sample
from isogloss.report.drawings.svg import element, legend, sample
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, NotMeasured, Row, StudyFiles, number
from isogloss.report.text.naming import language_names, mixture_name, mixture_order, treatment_slots
from isogloss.report.text.wording import count, decimal, in_order, plural, task_name, treatment_name

_Panel = tuple[str, str]
_PANELS: Final = 6
_PRETRAINING: Final = "masked_lm"
_PAIRS: Final = 6
_POINTS: Final = 80
_BEGINNING: Final = 5
_CONTROL: Final = "same-language control"
_LEAD: Final = (
    "Cosine of two languages' gradients of the shared weights, each from half of a language's "
    "sequences in a batch of equal shares; medians over seeds and pairs. Below zero, a step for "
    "one undoes a step for the other. Noise alone keeps a cosine well below one: the same-language "
    "control (two halves of one language's sequences) shows how far. Languages disagree by as much "
    "as their line lies below the control."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the cosines over updates: one row per mixture, task, treatment and update.

    Columns: mixture, task, treatment, update, half and control (medians over seeds and pairs),
    cosine, corrected, conflict_rate (share below zero), n_seeds.

    Raises:
        NotAsked: the study asked for no measurements.
        NotMeasured: it did, and no run has any.
    """
    table = study.tables.get("conflict")
    if table is None or not (table["level"] == "model").any():
        if study.about.get("conflict_every"):
            raise NotMeasured(
                "every joint training was finished before, without gradient measurements."
            )
        raise NotAsked
    measured = table[table["level"] == "model"]
    groups = measured.groupby(["mixture", "task", "treatment", "update"], sort=False)
    return groups.agg(
        half=("half", "median"),
        control=("control", "median"),
        cosine=("cosine", "median"),
        corrected=("corrected", "median"),
        conflict_rate=("cosine", lambda cosines: (cosines < 0).mean()),
        n_seeds=("run_id", "nunique"),
    ).reset_index()


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw every mixture: the whole training, its beginning, and the layers."""
    lines, table = frame(study), study.tables["conflict"]
    names, slots = language_names(study), treatment_slots(study)
    panels = _panels(study, lines)
    lead = _LEAD
    if len(panels) > _PANELS:
        more = plural(len(panels) - _PANELS, "further panel")
        lead += f" {more} not drawn; the CSV file has all."
    over_time = Exhibit(
        title="Over the training",
        figures=[
            _chart(_of(lines, panel), _panel_name(panel, names), slots, share)
            for panel in panels[:_PANELS]
            for share in (1, _BEGINNING)
            if _looked_within(_of(lines, panel), share)
        ],
        table=_summary(table, names),
        download=download(lines, "gradient_conflict"),
        legend=_legend(lines, slots),
    )
    exhibits = [over_time]
    if (table["level"] == "layer").any():
        exhibits.append(_by_layer(table, panels[:_PANELS], names))
    return {"lead": lead, "exhibits": exhibits}


def _panels(study: StudyFiles, lines: pd.DataFrame) -> list[_Panel]:
    """Return what is drawn: mixtures as the verdicts have them, each with its tasks."""
    return [
        (mixture, str(task))
        for mixture in mixture_order(study, lines["mixture"])
        for task in dict.fromkeys(lines.loc[lines["mixture"] == mixture, "task"])
    ]


def _of(rows: pd.DataFrame, panel: _Panel) -> pd.DataFrame:
    """Return the rows of one mixture and task."""
    mixture, task = panel
    return rows[(rows["mixture"] == mixture) & (rows["task"] == task)]


def _looked_within(rows: pd.DataFrame, share: int) -> bool:
    """Whether any measurement falls into the first part of a training."""
    return bool((rows["update"] <= rows["update"].max() / share).any())


def _panel_name(panel: _Panel, names: Mapping[str, str]) -> str:
    """Return the mixture's name, and the task where it is not the pretraining's."""
    mixture, task = panel
    behind = "" if task in ("", _PRETRAINING) else f", {task_name(task)}"
    return mixture_name(mixture, names) + behind


def _chart(rows: pd.DataFrame, name: str, slots: Mapping[str, int], share: int) -> Markup:
    """Lines of the treatments in one mixture, and the control line of the first of them."""
    shown = rows[rows["update"] <= rows["update"].max() / share]
    treatments = in_order(shown["treatment"])
    first = shown[shown["treatment"] == treatments[0]]
    series = [
        Series(
            treatment_name(treatment),
            slots.get(treatment, 0),
            _points(shown[shown["treatment"] == treatment], "half"),
        )
        for treatment in treatments
    ]
    series.append(Series(_CONTROL, len(slots), _points(first, "control")))
    when = "the whole training" if share == 1 else f"the first {100 // share} %"
    caption = Markup("<figcaption><b>{}</b>, {}</figcaption>").format(name, when)
    chart = line_chart(
        series,
        level=("at a right angle", 0.0),
        x_label="updates of the run",
        y_label="cosine",
        title=f"Gradient conflict, {name}, {when}",
        description=" ".join(
            f"{one.label}: ends at {decimal(one.mean[-1][1], 2)}." for one in series if one.mean
        ),
    )
    return Markup("<figure>{}{}</figure>").format(caption, chart)


def _points(rows: pd.DataFrame, column: str) -> list[tuple[float, float]]:
    """Return at most `_POINTS` points, each the mean of its neighbours."""
    ordered = rows.dropna(subset=[column]).sort_values("update").reset_index(drop=True)
    step = max(1, -(-len(ordered) // _POINTS))
    means = ordered.groupby(ordered.index // step)[["update", column]].mean()
    return [(float(x), float(y)) for x, y in means.to_numpy().tolist()]


def _by_layer(table: pd.DataFrame, panels: list[_Panel], names: Mapping[str, str]) -> Exhibit:
    """Draw layers against pairs of languages, for untreated training or what there is."""
    found = table[table["level"].isin(["layer", "kind"])]
    treatments = in_order(found["treatment"])
    treatment = "untreated" if "untreated" in treatments else treatments[0]
    found = found[found["treatment"] == treatment]
    found = pd.concat([_of(found, panel) for panel in panels])
    pair = found["language_a"] + "|" + found["language_b"]
    means = (
        found.assign(pair=pair)
        .groupby(["level", "name", "pair"], sort=False)["cosine"]
        .mean()
        .reset_index()
    )
    pairs = in_order(means["pair"])[:_PAIRS]
    labels = {one: "–".join(code.partition("-")[0] for code in one.split("|")) for one in pairs}
    return Exhibit(
        title=f"Where in the model ({treatment_name(treatment)})",
        figures=[
            _map(means[means["level"] == level], level, pairs, labels)
            for level in ("layer", "kind")
        ],
        table=_places(means, names),
        download=download(means, "gradient_conflict_by_layer"),
    )


def _map(means: pd.DataFrame, level: str, pairs: list[str], labels: Mapping[str, str]) -> Markup:
    """One heat map: places down, pairs across."""
    cells = {
        (str(row["name"]), str(row["pair"])): Cell(
            shade=-number(row["cosine"]),
            text=decimal(number(row["cosine"]), 2),
            note=f"{row['name']}, {labels[str(row['pair'])]}: {decimal(number(row['cosine']), 2)}.",
        )
        for row in means[means["pair"].isin(pairs)].to_dict("records")
    }
    name = {"layer": "layers", "kind": "kinds of modules"}[level]
    places = {str(name): _short(str(name)) for name in means["name"]}
    figure = heat_map(
        cells,
        {**labels, **places},
        sources=in_order(means["name"]),
        targets=pairs,
        title=f"Mean cosine by {name}",
        description=" ".join(cell.note for cell in cells.values()),
        axes=(f"{level} ↓", "pair →"),
    )
    return element("figure", element("figcaption", f"By {name}"), figure)


def _short(place: str) -> str:
    """Return the end of a module's path that tells layers apart.

    Example:
        >>> _short("backbone.model.layers.0"), _short("backbone.model.embeddings")
        ('layers.0', 'embeddings')
    """
    parts = place.split(".")
    return ".".join(parts[-2:] if parts[-1].isdigit() else parts[-1:])


def _summary(table: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Means over the second half of each training, by mixture, treatment and pair."""
    measured = table[table["level"] == "model"]
    late = measured[measured["update"] >= measured.groupby("run_id")["update"].transform("max") / 2]
    keys = ["mixture", "task", "treatment", "language_a", "language_b"]
    means = late.groupby(keys, sort=False).agg(
        half=("half", "mean"),
        control=("control", "mean"),
        corrected=("corrected", "mean"),
        below=("cosine", lambda cosines: (cosines < 0).mean()),
        n_seeds=("run_id", "nunique"),
    )
    return Table(
        caption="Second half of each training, means over measurements and seeds",
        columns=[
            Column("Languages"),
            Column("Training"),
            Column("Treatment"),
            Column("Cosine", numeric=True, unit="of halves"),
            Column("Control", numeric=True, unit="of halves"),
            Column("Cosine", numeric=True, unit="without noise"),
            Column("Below zero", numeric=True, unit="share of measurements"),
            Column("Seeds", numeric=True),
        ],
        rows=[_row(row, names) for row in means.reset_index().to_dict("records")],
    )


def _row(row: Row, names: Mapping[str, str]) -> list[str]:
    """One line as printed."""
    pair = (str(row["language_a"]), str(row["language_b"]))
    return [
        " and ".join(names.get(code, code) for code in pair),
        task_name(str(row["task"])),
        treatment_name(str(row["treatment"])),
        *(decimal(number(row[column]), 2) for column in ("half", "control", "corrected")),
        f"{decimal(100 * number(row['below']), 0)}\u00a0%",
        count(number(row["n_seeds"])),
    ]


def _places(means: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """The numbers of the heat maps."""
    return Table(
        caption="Mean cosine over the training, whole batches",
        columns=[Column("Place"), Column("Languages"), Column("Cosine", numeric=True)],
        rows=[
            [
                str(row["name"]),
                " and ".join(names.get(code, code) for code in str(row["pair"]).split("|")),
                decimal(number(row["cosine"]), 2),
            ]
            for row in means.to_dict("records")
        ],
    )


def _legend(lines: pd.DataFrame, slots: Mapping[str, int]) -> str:
    """Lines and names."""
    entries = [(slots.get(name, 0), treatment_name(name)) for name in in_order(lines["treatment"])]
    entries.append((len(slots), _CONTROL))
    return legend(
        [(sample(line_sample(slot), "0 0 28 10", 28, 10), name) for slot, name in entries]
    )


SECTION = Section("gradient-conflict", "Gradient conflict", "exhibits.html.j2", frame, build)
