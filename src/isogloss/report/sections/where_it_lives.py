"""Where sharing ends: maps of layers and sublayers, and which groups one language keeps alone."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles, number
from isogloss.report.text.naming import language_names
from isogloss.report.text.wording import NONE, count, decimal, percent

LEAD: Final = (
    "Gates were learned on the frozen model for each language: which weights does it need? The "
    "similarity of two languages is the correlation (Pearson) of their gates. Read it against the "
    "same-language control, two sets of gates of one language, and against shuffled gates, which "
    "is chance. Corrected = the similarity over what the two controls allow: 1 means as alike as a "
    "language is to itself."
)
_SUBLAYERS: Final[Mapping[str, str]] = {"attention": "attention", "feed_forward": "feed-forward"}
_PLACE: Final = ["layer", "sublayer"]
_NUMBERS: Final = (
    *("pearson", "spearman", "cosine", "sign_agreement", "overlap", "permuted", "corrected"),
)
_OFF: Final = ("n_neurons", "loss_whole", "harm", "harm_random", "excess", "excess_se")
_SHARES: Final = ("universal", "specific", "unused")


def by_place(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per half of a layer, means over pairs of languages and models.

    Columns: layer, sublayer, the measures of two different languages, `control` (Pearson of a
    language with itself), `universal`, `specific` and `unused` (shares of the groups), n_pairs.
    """
    other = rows["language_a"] != rows["language_b"]
    pairs = rows[other].copy()
    specific = pairs["only_a"] + pairs["only_b"]
    for name, groups in zip(_SHARES, (pairs["universal"], specific, pairs["unused"]), strict=True):
        pairs[name] = groups / pairs["n_gates"]
    found = pairs.groupby(_PLACE, sort=False)[[*_NUMBERS, *_SHARES]].mean()
    found["control"] = rows[~other].groupby(_PLACE, sort=False)["pearson"].mean()
    found["n_pairs"] = pairs.groupby(_PLACE, sort=False).size()
    return found.reset_index()


def map_exhibit(rows: pd.DataFrame, title: str = "Layer by layer") -> Exhibit:
    """Draw similarity, control and corrected similarity of every half of a layer.

    Args:
        rows: columns of the table `sharing`.
        title: of the exhibit.
    """
    table = by_place(rows)
    names = {
        "pearson": "two languages",
        "control": "one language, two seeds",
        "corrected": "corrected",
    }
    return Exhibit(
        title,
        [_map(table, column, name) for column, name in names.items()],
        _place_table(table),
        download(table, "sharing_by_layer"),
    )


def _map(table: pd.DataFrame, column: str, name: str) -> Markup:
    """One matrix, the first layer at the bottom."""
    cells = {
        (f"layer {row['layer']}", str(row["sublayer"])): Cell(
            shade=number(row[column]),
            text=_two(row[column]),
            note=f"layer {row['layer']}, {row['sublayer']}: {_two(row[column])}",
        )
        for row in table.to_dict("records")
    }
    layers = [f"layer {one}" for one in sorted(table["layer"].unique(), reverse=True)]
    return heat_map(
        cells,
        {**{one: one for one in layers}, **_SUBLAYERS},
        sources=layers,
        targets=[one for one in _SUBLAYERS if one in set(table["sublayer"])],
        title=f"Similarity of gates: {name}",
        description=" ".join(f"{cell.note}." for cell in cells.values()),
        axes=("", name),
    )


def _place_table(table: pd.DataFrame) -> Table:
    headers = ("Pearson", "Control", "Corrected", "Spearman", "Cosine", "Same sign", "Overlap")
    shares = ("Universal", "Specific", "Unused")
    return Table(
        caption="Means over pairs of languages; universal, specific and unused are shares of the "
        "groups that both, one or none of two languages keeps",
        columns=[
            Column("Layer"),
            Column("Part"),
            *(Column(one, numeric=True) for one in (*headers, "Shuffled", *shares, "Pairs")),
        ],
        rows=[
            [
                count(number(row["layer"])),
                _SUBLAYERS[str(row["sublayer"])],
                *(_two(row[one]) for one in ("pearson", "control", "corrected", "spearman")),
                *(_two(row[one]) for one in ("cosine", "sign_agreement", "overlap", "permuted")),
                *(percent(number(row[one])) for one in _SHARES),
                count(number(row["n_pairs"])),
            ]
            for row in table.to_dict("records")
        ],
    )


def pair_exhibit(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Draw the corrected similarity of each pair of languages, mean over the model's halves.

    Args:
        rows: columns of the table `sharing`.
        names: of languages by code.
    """
    pairs = rows.groupby(["language_a", "language_b"], sort=False)[["pearson", "corrected"]].mean()
    languages = list(dict.fromkeys([*rows["language_a"], *rows["language_b"]]))
    table = pairs.reset_index()
    cells: dict[tuple[str, str], Cell] = {}
    for row in table.to_dict("records"):
        a, b = str(row["language_a"]), str(row["language_b"])
        value = row["pearson"] if a == b else row["corrected"]
        what = "control" if a == b else "corrected"
        cell = Cell(number(value), _two(value), f"{a}, {b}: {what} {_two(value)}", hatched=a == b)
        cells[a, b] = cells[b, a] = cell
    figure = heat_map(
        cells,
        {one: names.get(one, one) for one in languages},
        sources=languages,
        targets=languages,
        title="Which languages share",
        description=" ".join(cell.note + "." for cell in dict.fromkeys(cells.values())),
        axes=("", "language"),
    )
    printed = Table(
        caption="Means over all layers; a language with itself is the control (hatched above)",
        columns=[
            Column("Language"),
            Column("Other"),
            Column("Pearson", numeric=True),
            Column("Corrected", numeric=True),
        ],
        rows=[
            [
                names.get(str(row["language_a"]), str(row["language_a"])),
                names.get(str(row["language_b"]), str(row["language_b"])),
                _two(row["pearson"]),
                _two(row["corrected"]),
            ]
            for row in table.to_dict("records")
        ],
    )
    return Exhibit("Pair by pair", [figure], printed, download(table, "sharing_by_pair"))


def neuron_exhibit(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Draw what each language loses with the neurons of another off, beyond random units.

    Args:
        rows: columns of the table `neurons` of a study, or `neurons_off` of a sharing map.
        names: of languages by code.
    """
    keys = ["language_off", "language"]
    table = rows.groupby(keys, sort=False)[list(_OFF)].mean().reset_index()
    largest = max(table["excess"].abs().max(), 1e-9)
    languages = list(dict.fromkeys([*table["language_off"], *table["language"]]))
    cells = {
        (str(row["language_off"]), str(row["language"])): Cell(
            number(row["excess"]) / largest,
            decimal(number(row["excess"]), 3),
            f"neurons of {row['language_off']} off, {row['language']} read: "
            f"{decimal(number(row['excess']), 3)} more than random units",
            hatched=not abs(number(row["excess"])) > 2 * number(row["excess_se"]),
        )
        for row in table.to_dict("records")
    }
    figure = heat_map(
        cells,
        {one: names.get(one, one) for one in languages},
        sources=languages,
        targets=languages,
        title="Language neurons switched off",
        description=" ".join(f"{cell.note}." for cell in cells.values()),
        axes=("off \u2193", "read \u2192"),
    )
    headers = ("Neurons", "Loss, whole model", "Harm", "Random units", "Excess", "Std. error")
    printed = Table(
        caption="What a language loses when the neurons of a language are off, and when as many "
        "random units of the same layers are; hatched above: within two standard errors of 0",
        columns=[
            Column("Off"),
            Column("Read"),
            *(Column(one, numeric=True) for one in headers),
        ],
        rows=[
            [
                *(names.get(str(row[one]), str(row[one])) for one in keys),
                count(number(row["n_neurons"])),
                *(decimal(number(row[one]), 3) for one in _OFF[1:]),
            ]
            for row in table.to_dict("records")
        ],
    )
    return Exhibit("Language neurons", [figure], printed, download(table, "neurons_off"))


def statement(rows: pd.DataFrame) -> str:
    """Return what the map says of layers and sublayers, in a sentence or two."""
    table = by_place(rows)
    if table["corrected"].isna().all():
        return (
            "Could not compare with the control: two seeds of one language do not agree, or there "
            "is one seed only."
        )
    layers = sorted(table["layer"].unique())
    half = len(layers) // 2
    parts = [
        _contrast("lower", "upper", table["layer"].isin(layers[:half]), table)
        if half
        else "The model has one layer.",
        _contrast("attention", "feed-forward", table["sublayer"] == "attention", table),
    ]
    return " ".join(parts)


def _contrast(first: str, second: str, is_first: "pd.Series[bool]", table: pd.DataFrame) -> str:
    a, b = (table.loc[one, "corrected"].mean() for one in (is_first, ~is_first))
    if not math.isfinite(a) or not math.isfinite(b):
        return f"Could not compare {first} and {second}: one of them was not measured."
    more, less = ((first, a), (second, b)) if a >= b else ((second, b), (first, a))
    what = "layers" if first == "lower" else "maps"
    return (
        f"The {more[0]} {what} are shared more ({_two(more[1])}) than the {less[0]} ones "
        f"({_two(less[1])})."
    )


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row per treatment and half of a layer.

    Raises:
        NotAsked: the study asked for no sharing map.
        NotMeasured: no run made one.
    """
    if not _asked(study):
        raise NotAsked
    if "sharing" not in study.tables:
        raise NotMeasured(
            "no run of two or more languages that learned something made a sharing map."
        )
    rows = study.table("sharing")
    parts = [by_place(one).assign(treatment=name) for name, one in rows.groupby("treatment")]
    return pd.concat(parts, ignore_index=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw the maps of the untreated models, or of all treatments where there are none."""
    names = language_names(study)
    if "sharing" not in study.tables and "neurons" in study.tables and _asked(study):
        return {"open": True, "exhibits": [neuron_exhibit(_shown(study, "neurons"), names)]}
    frame(study)
    rows = _shown(study, "sharing")
    exhibits = [map_exhibit(rows), pair_exhibit(rows, names)]
    if "neurons" in study.tables:
        exhibits.append(neuron_exhibit(_shown(study, "neurons"), names))
    return {"lead": LEAD, "statement": statement(rows), "open": True, "exhibits": exhibits}


def _asked(study: StudyFiles) -> bool:
    return bool(
        {"sharing", "neurons"} & {str(one.get("name")) for one in study.items("measurements")}
    )


def _shown(study: StudyFiles, name: str) -> pd.DataFrame:
    """Return the rows of the untreated models, or all where there are none."""
    rows = study.table(name)
    untreated = rows[rows["treatment"] == "untreated"]
    return untreated if len(untreated) else rows


def _two(value: object) -> str:
    found = number(value)
    return decimal(found, 2) if math.isfinite(found) else NONE


SECTION = Section("where_it_lives", "Where it lives", "exhibits.html.j2", frame, build)
