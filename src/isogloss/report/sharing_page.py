"""The page of `isogloss sharing`: maps, pairs, histogram, what the gates keep."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from isogloss.core import SHARING_FILES, InputError, Language, first_changed, read_json
from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.drawings.line_chart import Series, line_chart, line_sample
from isogloss.report.drawings.svg import legend, sample
from isogloss.report.exhibit import Column, Exhibit, Table, download
from isogloss.report.render import write_page
from isogloss.report.sections.where_it_lives import (
    LEAD,
    by_place,
    map_exhibit,
    neuron_exhibit,
    pair_exhibit,
    statement,
)
from isogloss.report.study_files import number
from isogloss.report.text.wording import count, decimal, percent

_PAIRS: Final = 8
_TEMPLATE: Final = "one_section.html.j2"
_ABOUT: Final = "sharing.json"


def render_sharing(folder: Path) -> Path:
    """Write `sharing.html` from the tables that `isogloss sharing` wrote.

    Args:
        folder: with `sharing.json` and its tables.

    Returns:
        The file that was written.

    Raises:
        InputError: the folder holds no sharing map, or a file of it is damaged.
    """
    about = read_json(
        folder / _ABOUT,
        what="the sharing.json of `isogloss sharing`",
        next_step="Give the command again: what is finished is read.",
    )
    tables = {name: _read(folder, name, about) for name in SHARING_FILES}
    rows = tables["sharing"]
    codes = list(dict.fromkeys([*rows["language_a"], *rows["language_b"]]))
    names = {code: Language.parse(code).name for code in codes}
    exhibits = [
        map_exhibit(rows),
        pair_exhibit(rows, names),
        *(
            _histogram(some, str(sublayer), names)
            for sublayer, some in tables["gate_histogram"].groupby("sublayer", sort=False)
        ),
        _gates(tables["gates"], names),
        *([neuron_exhibit(tables["neurons_off"], names)] if len(tables["neurons_off"]) else []),
        _neurons(tables["neurons"], names),
    ]
    context: Mapping[str, object] = {
        "kicker": "Sharing map",
        "title": f"What the languages of {about.get('model', folder.name)} share",
        "statement": f"{statement(rows)} {_recommended(about.get('recommendation'))}".strip(),
        "lead": LEAD,
        "notes": [str(one) for one in about.get("notes", [])],
        "exhibits": exhibits,
        "open": True,
    }
    return write_page(folder / "sharing.html", _TEMPLATE, context)


def _recommended(advice: object) -> str:
    """Return what is worth making language-specific, or nothing."""
    if not isinstance(advice, Mapping):
        return ""
    layers = ", ".join(str(one) for one in advice.get("layers", []))
    return (
        f"Worth making language-specific first: {str(advice.get('sublayer')).replace('_', '-')} of "
        f"layer {layers} (similarity {decimal(number(advice.get('similarity')), 2)}, other layers "
        f"{decimal(number(advice.get('rest')), 2)}). study.yaml trains it, the opposite and a "
        "random choice."
    )


def sharing_summary(rows: pd.DataFrame) -> tuple[str, list[dict[str, object]]]:
    """Return the answer of a sharing map in a sentence or two, and a row per half of a layer.

    Args:
        rows: columns of `sharing.csv`.
    """
    columns = ("pearson", "control", "corrected", "permuted", "universal", "specific")
    table = by_place(rows)
    return statement(rows), [
        {
            "layer": row["layer"],
            "part": str(row["sublayer"]).replace("_", "-"),
            **{name: decimal(number(row[name]), 2) for name in columns},
        }
        for row in table.to_dict("records")
    ]


def _read(folder: Path, name: str, about: Mapping[str, object]) -> pd.DataFrame:
    path = folder / f"{name}.csv"
    files = about.get("files")
    digests = files if isinstance(files, dict) else {}
    if path.name not in digests or first_changed(folder, {path.name: digests[path.name]}):
        raise InputError(
            expected=f"the {path.name} that `isogloss sharing` wrote",
            found="another file" if path.is_file() else "none",
            where=str(path),
            next_step="Give the command again: what is finished is read.",
        )
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def _histogram(rows: pd.DataFrame, sublayer: str, names: Mapping[str, str]) -> Exhibit:
    """Groups sorted by one language's logits, against the mean logit of another."""
    means = rows.groupby(["language_a", "language_b"], sort=False)
    series = [
        Series(f"{names[str(a)]} where {names[str(b)]} ...", slot, _by_percentile(some))
        for slot, ((a, b), some) in enumerate(list(means)[:_PAIRS])
    ]
    part = sublayer.replace("_", "-")
    more = f" Drawn: {_PAIRS} of {len(means)}." if len(means) > _PAIRS else ""
    chart = line_chart(
        series,
        level=("kept above", 0.0),
        x_label="groups, in percent, sorted by what the second language needs",
        y_label="logit of the first language",
        title=f"Gates of the {part} maps, language against language",
        description=" ".join(
            f"{one.label} does without: {decimal(one.mean[0][1], 1)}; needs most: "
            f"{decimal(one.mean[-1][1], 1)}."
            for one in series
        ),
    )
    return Exhibit(
        f"What one language needs of what another needs: {part}.{more}",
        [chart],
        _bins(rows, names),
        download(rows, f"gate_histogram_{sublayer}"),
        legend=legend(
            [(sample(line_sample(one.slot), "0 0 28 10", 28, 10), one.label) for one in series]
        ),
    )


def _by_percentile(rows: pd.DataFrame) -> Sequence[tuple[float, float]]:
    """Return (middle of the bin in percent of the groups, mean logit), over all models."""
    of_bin = rows.groupby(rows.groupby("run_id").cumcount())
    n, means = of_bin["n"].mean(), of_bin["mean"].mean()
    middle = (n.cumsum() - n / 2) / n.sum() * 100
    return [(float(x), float(y)) for x, y in zip(middle, means, strict=True)]


def _bins(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    return Table(
        caption="Groups sorted by the logit of the second language: a positive logit means kept",
        columns=[
            Column("Language"),
            Column("Sorted by"),
            *(
                Column(one, numeric=True)
                for one in ("From", "To", "Groups", "Mean logit", "Kept by the first")
            ),
        ],
        rows=[
            [
                names[str(row["language_a"])],
                names[str(row["language_b"])],
                *(decimal(number(row[one]), 2) for one in ("low", "high")),
                count(number(row["n"])),
                decimal(number(row["mean"]), 2),
                percent(number(row["kept"])),
            ]
            for row in rows.to_dict("records")
        ],
    )


def _gates(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """What each set of gates keeps, and what that costs on held-out text."""
    headers = ("Seed", "Density", "Open", "Loss, whole model", "Through gates", "Random gates")
    table = Table(
        caption="Density: expected share of the weights that are kept. Losses on held-out text: of "
        "the whole model, through the gates, and through as many gates at random places",
        columns=[Column("Language"), *(Column(one, numeric=True) for one in headers)],
        rows=[
            [
                names.get(str(row["language"]), str(row["language"])),
                count(number(row["seed"])),
                *(percent(number(row[one])) for one in ("density", "open")),
                *(_loss(row[f"loss_{one}"]) for one in ("whole", "gated", "random")),
            ]
            for row in rows.to_dict("records")
        ],
    )
    return Exhibit("What the gates keep", [], table, download(rows, "gates"))


def _neurons(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Where the language neurons are."""
    counts = rows.groupby(["language", "layer"], sort=False)[["n_units", "n_neurons"]].mean()
    table = counts.reset_index()
    largest = max(table["n_neurons"].max(), 1)
    layers = [f"layer {one}" for one in sorted(table["layer"].unique(), reverse=True)]
    codes = list(dict.fromkeys(table["language"]))
    cells = {
        (f"layer {row['layer']}", str(row["language"])): Cell(
            number(row["n_neurons"]) / largest,
            count(number(row["n_neurons"])),
            f"{row['language']}, layer {row['layer']}: {count(number(row['n_neurons']))}",
            sequential=True,
        )
        for row in table.to_dict("records")
    }
    figure = heat_map(
        cells,
        {**{one: one for one in layers}, **{one: names.get(one, one) for one in codes}},
        sources=layers,
        targets=codes,
        title="Language neurons in each layer",
        description=" ".join(f"{cell.note}." for cell in cells.values()),
        axes=("", "language"),
    )
    printed = Table(
        caption="Hidden units that a language activates often and that few others do (lowest "
        "entropy of activation), mean over models",
        columns=[
            Column("Language"),
            *(Column(one, numeric=True) for one in ("Layer", "Units", "Neurons")),
        ],
        rows=[
            [
                names.get(str(row["language"]), str(row["language"])),
                *(count(number(row[one])) for one in ("layer", "n_units", "n_neurons")),
            ]
            for row in table.to_dict("records")
        ],
    )
    return Exhibit("Where language neurons are", [figure], printed, download(rows, "neurons"))


def _loss(value: object) -> str:
    found = number(value)
    return decimal(found, 3) if math.isfinite(found) else "–"
