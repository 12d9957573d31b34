"""How many numbers each language uses under each treatment: shared, and its own."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import Row, StudyFiles, number
from isogloss.report.text.naming import language_names, mixture_name
from isogloss.report.text.wording import NONE, count, decimal, in_order, percent, treatment_name

_PRINTED: Final = 300
_LEAD: Final = (
    "Parameters that a language's sequences run through: those it shares with all languages of its "
    "model, embeddings included, and those of its own or of its group. A treatment that adds "
    "parameters may gain by their number alone: hold it against the shared adapter, which adds as "
    "many to no language in particular."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row per treatment, mixture and language.

    Columns: treatment, mixture, language, shared, language_specific, used (their sum), relative
    (over what the language uses untreated in the same mixture, nan where that was not run).

    Raises:
        NotMeasured: the study was run before parameters were counted.
    """
    table = study.table("parameters")
    table = table.assign(used=table["shared"] + table["language_specific"])
    keys = ["mixture", "language"]
    plain = table[table["treatment"] == "untreated"].set_index(keys)["used"]
    plain = plain[~plain.index.duplicated()]
    places = pd.MultiIndex.from_frame(table[keys])
    table["relative"] = table["used"].to_numpy() / plain.reindex(places).to_numpy()
    order = {name: place for place, name in enumerate(in_order(table["treatment"]))}
    ranks = table["treatment"].map(order).sort_values(kind="stable")
    return table.loc[ranks.index].reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Print the table; languages of one mixture that use as many share a line."""
    table = frame(study)
    names = language_names(study)
    lines = _lines(table)
    more = len(lines) - _PRINTED
    rest = f" The first {_PRINTED} of {len(lines):,} lines are printed." if more > 0 else ""
    exhibit = Exhibit(
        title="",
        figures=[],
        table=Table(
            caption="Parameters by treatment, mixture and language",
            columns=[
                Column("Treatment"),
                Column("Mixture"),
                Column("Language"),
                Column("Shared", numeric=True),
                Column("Language-specific", numeric=True, unit="each"),
                Column("Language-specific", numeric=True, unit="share"),
                Column("Used", numeric=True, unit="each"),
                Column("Against untreated", numeric=True),
            ],
            rows=[_row(row, names) for row in lines.head(_PRINTED).to_dict("records")],
        ),
        download=download(table, "parameters"),
    )
    return {"lead": _LEAD + rest, "exhibits": [exhibit], "open": True}


def _lines(table: pd.DataFrame) -> pd.DataFrame:
    """Languages of one treatment and mixture with equal numbers in one row, joined by "+"."""
    keys = [column for column in table.columns if column != "language"]
    groups = table.groupby(keys, sort=False, dropna=False)["language"]
    return groups.agg("+".join).reset_index()


def _row(row: Row, names: Mapping[str, str]) -> list[str]:
    """One line as printed."""
    figures = {
        name: number(row[name]) for name in ("shared", "language_specific", "used", "relative")
    }
    languages = str(row["language"]).split("+")
    whole = len(languages) > 1 and str(row["mixture"]) == "+".join(languages)
    relative = figures["relative"]
    return [
        treatment_name(str(row["treatment"])),
        mixture_name(str(row["mixture"]), names),
        "each" if whole else ", ".join(names.get(code, code) for code in languages),
        count(figures["shared"]),
        count(figures["language_specific"]),
        percent(figures["language_specific"] / figures["used"]),
        count(figures["used"]),
        f"{decimal(relative, 2)} ×" if pd.notna(relative) else NONE,
    ]


SECTION = Section("parameters", "Parameters", "exhibits.html.j2", frame, build)
