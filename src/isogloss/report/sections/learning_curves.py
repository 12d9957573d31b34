"""Dev loss per language over updates, every treatment on the same axes, with the plateau."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.line_chart import Series, line_chart, line_sample
from isogloss.report.drawings.svg import legend, sample
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotMeasured, StudyFiles
from isogloss.report.text.naming import (
    language_names,
    language_order,
    mixture_name,
    mixture_order,
    treatment_slots,
)
from isogloss.report.text.wording import (
    count,
    decimal,
    in_order,
    match_name,
    plural,
    treatment_name,
)

# A page of a study of many pairs stays small: so many panels, so many points on all of them.
_PANELS: Final = 24
_POINTS: Final = 6000
_LINE: Final = ["treatment", "options", "match"]
_LEAD: Final = (
    "Masked-LM loss on the dev text, in nats a masked token. The bold line is the mean over seeds, "
    "the thin lines are the seeds. The dashed line is the loss of guessing by word frequency: a "
    "run that ends near it has not begun to learn, and its comparisons measure that."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the mean curves: one row per mixture, language, treatment and update.

    Columns: mixture, language, treatment, options, match, update, nats (mean), lowest, highest
    (over seeds), n_seeds, unigram_nats (the plateau, nan where not recorded).

    Raises:
        NotMeasured: no run logged a dev loss.
    """
    curves = study.curves
    if curves.empty:
        raise NotMeasured("no run logged a dev loss (runs/*/metrics.jsonl).")
    keys = ["mixture", "language", *_LINE, "update"]
    groups = curves.groupby(keys, sort=False)["nats"]
    table = groups.agg(nats="mean", lowest="min", highest="max", n_seeds="count").reset_index()
    return table.assign(unigram_nats=table["language"].map(_plateaus(study)).astype(float))


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw one panel a mixture and language; monolingual runs appear in all of theirs."""
    means = frame(study)
    names, slots = language_names(study), treatment_slots(study)
    panels = _panels(means, study)
    step = _step(study.curves, len(panels))
    figures = [
        _panel(means, study.curves, panel, (names, slots, step)) for panel in panels[:_PANELS]
    ]
    left_out = len(panels) - len(figures)
    lead = _LEAD
    if step > 1:
        lead += f" To keep the page small, every {step}th point is drawn."
    if left_out:
        lead += f" {plural(left_out, 'further panel')} not drawn; the CSV file has all curves."
    ends = _ends(means)
    exhibit = Exhibit(
        title="",
        figures=figures,
        table=_table(ends, names),
        download=download(means if len(means) <= 4 * _POINTS else ends, "learning_curves"),
        legend=_legend(means, slots),
    )
    return {"lead": lead, "exhibits": [exhibit]}


def _plateaus(study: StudyFiles) -> dict[str, float]:
    """The unigram loss of each language, where the study recorded it."""
    table = study.tables.get("confounds")
    if table is None:
        return {}
    means = table.groupby("language")["unigram_nats"].mean()
    return {str(language): float(nats) for language, nats in means.items()}


def _panels(means: pd.DataFrame, study: StudyFiles) -> list[tuple[str, str]]:
    """Pairs (mixture, language) of joint runs; of monolingual ones where nothing else was run."""
    languages = language_order(language_names(study), means["language"])
    present = set(zip(means["mixture"], means["language"], strict=True))
    pairs = [
        (mixture, language)
        for mixture in mixture_order(study, means["mixture"])
        for language in languages
        if (mixture, language) in present
    ]
    joint = [(mixture, language) for mixture, language in pairs if "+" in mixture]
    covered = {language for _, language in joint}
    return joint + [pair for pair in pairs if "+" not in pair[0] and pair[1] not in covered]


def _step(curves: pd.DataFrame, n_panels: int) -> int:
    """Draw every n-th point so that the whole section stays within its share of the page."""
    drawn = len(curves) * min(1.0, _PANELS / max(n_panels, 1))
    return max(1, round(drawn / _POINTS + 0.49))


def _panel(
    means: pd.DataFrame,
    curves: pd.DataFrame,
    panel: tuple[str, str],
    looks: tuple[Mapping[str, str], Mapping[str, int], int],
) -> Markup:
    """One chart: the joint runs of the mixture and the monolingual runs of the language."""
    mixture, language = panel
    names, slots, step = looks
    here = means[_belongs(means, panel)]
    single = curves[_belongs(curves, panel)]
    treatments = in_order(here["treatment"])
    lines = sorted(
        dict.fromkeys(map(tuple, here[_LINE].to_numpy().tolist())),
        key=lambda line: treatments.index(line[0]),
    )
    series = [
        Series(
            label=_label(line),
            slot=slots.get(line[0], 0),
            mean=_points(_select(here, line), step),
            seeds=[
                _points(run, step) for _, run in _select(single, line).groupby("run_id", sort=False)
            ],
        )
        for line in lines
    ]
    plateau = float(here["unigram_nats"].iloc[0])
    spoken = [f"{one.label} ends at {one.mean[-1][1]:.2f} nats." for one in series if one.mean]
    chart = line_chart(
        series,
        level=("guessing by word frequency", plateau) if pd.notna(plateau) else None,
        x_label="updates of the run",
        y_label="dev loss, nats",
        title=f"Learning curves, {names.get(language, language)} in {mixture_name(mixture, names)}",
        description=" ".join(spoken),
    )
    return Markup("<figure><figcaption><b>{}</b> in {}</figcaption>{}</figure>").format(
        names.get(language, language), mixture_name(mixture, names), chart
    )


def _belongs(table: pd.DataFrame, panel: tuple[str, str]) -> pd.Series:
    """Rows of a panel: its own mixture, and the language alone."""
    mixture, language = panel
    return (table["language"] == language) & table["mixture"].isin([mixture, language])


def _select(table: pd.DataFrame, line: tuple[str, ...]) -> pd.DataFrame:
    """Rows of one line."""
    chosen = table
    for column, value in zip(_LINE, line, strict=True):
        chosen = chosen[chosen[column] == value]
    return chosen


def _points(rows: pd.DataFrame, step: int) -> list[tuple[float, float]]:
    """Every step-th point and the last one, by update."""
    ordered = rows.sort_values("update")
    pairs = list(zip(ordered["update"].astype(float), ordered["nats"].astype(float), strict=True))
    return pairs if step == 1 else [*pairs[:-1:step], *pairs[-1:]]


def _label(line: tuple[str, ...]) -> str:
    """Treatment, options and budget match in one name."""
    treatment, options, match = line
    details = [part for part in (options, match_name(match) if match else "") if part]
    return treatment_name(treatment) + (f" ({', '.join(details)})" if details else "")


def _ends(means: pd.DataFrame) -> pd.DataFrame:
    """The last point of every mean curve."""
    last = means.groupby(["mixture", "language", *_LINE], sort=False)["update"].idxmax()
    return means.loc[last].reset_index(drop=True)


def _table(ends: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Where every curve ends."""
    return Table(
        caption="Dev loss at the end of each curve (all points are in the CSV file)",
        columns=[
            Column("Mixture"),
            Column("Language"),
            Column("Treatment"),
            Column("Updates", numeric=True),
            Column("Dev loss", numeric=True, unit="nats, mean"),
            Column("Lowest to highest", numeric=True, unit="over seeds"),
            Column("Word frequencies", numeric=True, unit="nats"),
            Column("Seeds", numeric=True),
        ],
        rows=[
            [
                mixture_name(str(row["mixture"]), names),
                names.get(str(row["language"]), str(row["language"])),
                _label((str(row["treatment"]), str(row["options"]), str(row["match"]))),
                count(float(row["update"])),
                decimal(float(row["nats"]), 2),
                f"{decimal(float(row['lowest']), 2)} to {decimal(float(row['highest']), 2)}",
                decimal(float(row["unigram_nats"]), 2),
                count(float(row["n_seeds"])),
            ]
            for row in ends.to_dict("records")
        ],
    )


def _legend(means: pd.DataFrame, slots: Mapping[str, int]) -> str:
    """Lines and names."""
    return legend(
        [
            (sample(line_sample(slots.get(name, 0)), "0 0 28 10", 28, 10), treatment_name(name))
            for name in in_order(means["treatment"])
        ]
    )


SECTION = Section("learning-curves", "Learning curves", "exhibits.html.j2", frame, build)
