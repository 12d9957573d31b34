"""What else could explain a difference: budgets, vocabulary, plateau, per run and language."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.svg import element
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import Row, StudyFiles, number
from isogloss.report.text.cautions import is_false, is_true
from isogloss.report.text.naming import language_names, mixture_name
from isogloss.report.text.wording import NONE, count, decimal, match_name, percent, treatment_name

_LEAD: Final = (
    "A difference between two models is interference only if nothing else differs. Tokens and "
    "updates must agree within 1\u00a0% on the two sides of a comparison, or it is refused. The "
    "same vocabulary serves every model, so its share, fertility and unknown rate tell which "
    "language it favours, not which model. Means over seeds; the CSV file has every run."
)
_PRINTED: Final = 300
_GUARD: Final = (
    " A training from a checkpoint has destroyed it where the mean dev loss ends more than "
    "1\u00a0% above the start's, or retrieval of translations falls below half of the start's; no "
    "verdict rests on such a run."
)
_OF_CHECKPOINT: Final = (
    Column("Start loss", numeric=True, unit="nats"),
    Column("Retrieval", numeric=True, unit="of the start"),
    Column("Retrieval", numeric=True, unit="now"),
    Column("Checkpoint kept", unit="seeds"),
)
_BEFORE: Final = ("start_nats", "start_retrieval", "retrieval")
_KEYS: Final = ["treatment", "mixture", "match", "language", "updates"]
_MEANS: Final = (
    *("tokens", "epochs", "vocabulary_share", "fertility", "unknown_rate", "bytes_per_token"),
    *("unigram_nats", "dev_nats"),
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return `confounds.csv`, one row per run and language.

    Raises:
        NotMeasured: the table is missing.
    """
    return study.table("confounds")


def build(study: StudyFiles) -> Mapping[str, object]:
    """Average over seeds; name the runs that stayed on the plateau."""
    table = frame(study)
    names = language_names(study)
    means = _over_seeds(table)
    guarded = bool(table["destroyed"].notna().any())
    more = len(means) - _PRINTED
    rest = f" The first {_PRINTED} of {len(means):,} lines are printed." if more > 0 else ""
    exhibit = Exhibit(
        title="",
        figures=[],
        table=Table(
            caption="Confounds per treatment, mixture and language, means over seeds",
            columns=[
                Column("Treatment"),
                Column("Language"),
                Column("Updates", numeric=True, unit="on the language"),
                Column("Tokens", numeric=True, unit="of the language"),
                Column("Read", numeric=True, unit="times"),
                Column("Vocab.", numeric=True, unit="share"),
                Column("Fertility", numeric=True, unit="tokens per word"),
                Column("Unknown", numeric=True, unit="of tokens"),
                Column("Bytes", numeric=True, unit="per token"),
                Column("Word freq.", numeric=True, unit="nats"),
                Column("Dev loss", numeric=True, unit="nats"),
                Column("Left plateau", unit="seeds"),
                *(_OF_CHECKPOINT if guarded else ()),
            ],
            rows=[
                _row(row, names) + (_guard(row) if guarded else [])
                for row in means.head(_PRINTED).to_dict("records")
            ],
        ),
        download=download(table, "confounds"),
    )
    lead = _LEAD + (_GUARD if guarded else "")
    return {"lead": lead + rest, "exhibits": [exhibit], "open": True}


def _over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds, and how many seeds left the plateau."""
    stuck = [is_false(value) for value in table["left_plateau"]]
    flags = {
        "stuck": stuck,
        "known": table["left_plateau"].notna(),
        "worse": [is_true(value) for value in table["destroyed"]],
        "guarded": table["destroyed"].notna(),
    }
    groups = table.assign(**flags).groupby(_KEYS, sort=False, dropna=False)
    spread = {name: (name, "mean") for name in (*_MEANS, *_BEFORE)}
    sums = {name: (name, "sum") for name in flags}
    return groups.agg(**spread, n=("run_id", "count"), **sums).reset_index()


def _row(row: Row, names: Mapping[str, str]) -> list[str]:
    """One line as printed."""
    figures = {name: number(row[name]) for name in (*_MEANS, "updates")}
    language, match = str(row["language"]), str(row["match"])
    return [
        Markup("{}<small>{}</small>").format(
            treatment_name(str(row["treatment"])) + (f", {match_name(match)}" if match else ""),
            mixture_name(str(row["mixture"]), names),
        ),
        names.get(language, language),
        count(figures["updates"]),
        count(figures["tokens"]),
        decimal(figures["epochs"], 1),
        percent(figures["vocabulary_share"]),
        decimal(figures["fertility"], 2),
        percent(figures["unknown_rate"], 2),
        decimal(figures["bytes_per_token"], 2),
        decimal(figures["unigram_nats"], 2),
        decimal(figures["dev_nats"], 2),
        _of_seeds(int(number(row["known"])), int(number(row["stuck"]))),
    ]


def _guard(row: Row) -> list[str]:
    """What the checkpoint could do, what is left of it, and how many seeds kept it."""
    figures = {name: number(row[name]) for name in _BEFORE}
    return [
        decimal(figures["start_nats"], 2),
        percent(figures["start_retrieval"]),
        percent(figures["retrieval"]),
        _of_seeds(int(number(row["guarded"])), int(number(row["worse"]))),
    ]


def _of_seeds(known: int, stuck: int) -> str:
    """How many of the seeds it is well with; loud where one it is not."""
    if not known:
        return NONE
    if stuck:
        sign = element("span", "!", aria_hidden="true", class_="sign")
        return element("span", sign, f"{known - stuck} of {known}", class_="badge v-hurt")
    return f"{known} of {known}"


SECTION = Section("confounds", "Confounds", "exhibits.html.j2", frame, build)
