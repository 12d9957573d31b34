"""The picture of one monitored run: cosines of each pair of languages over the updates."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.line_chart import Points, Series, line_chart, line_sample
from isogloss.report.drawings.svg import legend, sample
from isogloss.report.exhibit import Column, Exhibit, Table, download
from isogloss.report.render import write_page
from isogloss.report.study_files import number
from isogloss.report.text.wording import count, decimal

_PAIRS: Final = 7
_KICKER: Final = "Conflict monitor"
_CONTROL: Final = "same-language control"
_TEMPLATE: Final = "one_section.html.j2"


def render_conflict(
    name: str,
    pairs: Sequence[Mapping[str, object]],
    *,
    lines: Mapping[str, Points],
    control: Points,
    notes: Sequence[str],
    target: Path,
) -> Path:
    """Write the picture and the table of a monitored run as one HTML file.

    Args:
        name: of the run.
        pairs: the summary, one row per pair of languages, the most conflicting first.
        lines: pair -> (update, cosine), of halves of the rows where there are any.
        control: (update, cosine of two halves of one language's rows), mean over languages.
        notes: what the numbers leave out.
        target: file to write, new or such a page.

    Returns:
        The file that was written.
    """
    drawn = [str(row["pair"]) for row in pairs][:_PAIRS]
    series = [Series(pair, slot, lines[pair]) for slot, pair in enumerate(drawn)]
    if control:
        series.append(Series(_CONTROL, _PAIRS, control))
    lead = "Cosine of two languages' gradients of the shared weights. Below zero, a step for one "
    lead += "undoes a step for the other. Read a pair's line against the control, never against 1."
    if len(pairs) > _PAIRS:
        lead += f" Drawn: the {_PAIRS} pairs of {len(pairs)} with the lowest mean."
    exhibit = Exhibit(
        title="Over the training",
        figures=[_chart(series)],
        table=_table(pairs),
        download=download(pd.DataFrame(list(pairs)), "gradient_conflict"),
        legend=legend(
            [(sample(line_sample(one.slot), "0 0 28 10", 28, 10), one.label) for one in series]
        ),
    )
    title = f"Gradient conflict in {name}"
    context = {"kicker": _KICKER, "title": title, "lead": lead, "notes": list(notes)}
    return write_page(target, _TEMPLATE, {**context, "exhibits": [exhibit], "open": True})


def _chart(series: Sequence[Series]) -> Markup:
    chart = line_chart(
        series,
        level=("at a right angle", 0.0),
        x_label="updates",
        y_label="cosine",
        title="Gradient conflict over the training",
        description=" ".join(
            f"{one.label}: ends at {decimal(one.mean[-1][1], 2)}." for one in series if one.mean
        ),
    )
    return Markup("<figure>{}</figure>").format(chart)


def _table(pairs: Sequence[Mapping[str, object]]) -> Table:
    numeric = ("Measurements", "Cosine", "In conflict", "Halves", "Control", "Trend")
    return Table(
        caption="Means over all measurements; the trend is the last third less the first",
        columns=[Column("Languages"), *(Column(header, numeric=True) for header in numeric)],
        rows=[
            [
                str(row["pair"]),
                count(number(row["looks"])),
                *(_two(row[key]) for key in ("cosine", "in_conflict", "half", "control", "trend")),
            ]
            for row in pairs
        ],
    )


def _two(value: object) -> str:
    return "–" if value is None else decimal(number(value), 2)
