"""Zero-shot transfer: labels in the source, tested on the target; diagonal: within language."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.core import MATCHES, SEVERAL
from isogloss.report.drawings.heat_map import Cell, heat_map
from isogloss.report.drawings.svg import element
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.sections.interference_matrix import axis
from isogloss.report.study_files import (
    NotAsked,
    NotMeasured,
    Row,
    StudyFiles,
    asks_for_tasks,
    number,
)
from isogloss.report.text.naming import language_names
from isogloss.report.text.wording import (
    SETTINGS,
    in_bits,
    in_order,
    metric_and_unit,
    metric_name,
    plural,
    score,
    task_name,
    treatment_name,
    unit,
)

_CELLS: Final = 1200  # of one task; each is some 350 bytes of the page
_LEAD: Final = (
    "The score on the target (column) of a model whose labelled data was in the source (row) only. "
    "The diagonal is the within-language score. Darker is a higher score. Where several mixtures "
    "hold the same pair, the cell is their mean. A dot: not measured."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return `transfer_matrix[source, target]` in long form, one row per treatment, task and pair.

    Columns: treatment, task, metric, source, target, setting, value (fraction), n_mixtures.

    Raises:
        NotAsked: the study tests no task.
        NotMeasured: no zero-shot score.
    """
    if not asks_for_tasks(study):
        raise NotAsked
    if str(SEVERAL) in {one.get("code") for one in study.items("languages")}:
        return _of_single_sources(study)
    verdicts = study.table("verdicts")
    scored = verdicts[verdicts["multilingual"].notna()]
    zero = scored[(scored["setting"] == "zero_shot") & (scored["source_language"] != "")]
    if zero.empty:
        raise NotMeasured("no task was tested on a language without labelled data.")
    within = scored[scored["setting"] == "within_language"]
    within = within[
        (within["match"] == _any_match(within)) & within["task"].isin(set(zero["task"]))
    ]
    zero = zero.assign(source=zero["source_language"], target=zero["language"])
    within = within.assign(source=within["language"], target=within["language"])
    keys = ["treatment", "task", "metric", "source", "target", "setting"]
    groups = pd.concat([within, zero]).groupby(keys, sort=False)
    return groups.agg(
        value=("multilingual", "mean"), n_mixtures=("mixture", "nunique")
    ).reset_index()


def _any_match(table: pd.DataFrame) -> str:
    """Return one budget match of a table: the joint model's score is the same beside each."""
    present = set(table["match"].astype(str))
    return next((match for match in MATCHES if match in present), "")


def _of_single_sources(study: StudyFiles) -> pd.DataFrame:
    """Return the matrix of models fine-tuned on one language: joint ones have no single source."""
    records = study.table("records")
    alone = records[(records["stage"] == "finetune") & (records["treatment"] == "monolingual")]
    if alone.empty:
        raise NotMeasured("no model was fine-tuned on one language alone.")
    alone = alone[alone["match"] == _any_match(alone)]
    keys = ["treatment", "task", "metric", "source_language", "target_language", "setting"]
    table = alone.groupby(keys, sort=False)["value"].mean().reset_index()
    table = table.rename(columns={"source_language": "source", "target_language": "target"})
    return table.assign(n_mixtures=1)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Draw one matrix a task and treatment."""
    table = frame(study)
    names = language_names(study)
    left_out = table["treatment"].nunique() - min(
        len(_drawn(rows)) for _, rows in table.groupby(["task", "metric"], sort=False)
    )
    more = f" {plural(left_out, 'further treatment')} not drawn; the CSV file of verdicts has all."
    return {
        "lead": _LEAD + (more if left_out else ""),
        "exhibits": [
            _exhibit(rows, str(task), str(metric), names)
            for (task, metric), rows in table.groupby(["task", "metric"], sort=False)
        ],
    }


def _exhibit(rows: pd.DataFrame, task: str, metric: str, names: Mapping[str, str]) -> Exhibit:
    """The matrices of one task on one colour scale."""
    return Exhibit(
        title=f"{task_name(task)}, {metric_and_unit(metric)}",
        figures=[
            _matrix(rows[rows["treatment"] == treatment], treatment, metric, names, rows)
            for treatment in _drawn(rows)
        ],
        table=_table(rows, task, metric, names),
        download=download(rows, f"transfer_matrix_{task}_{metric}"),
    )


def _drawn(rows: pd.DataFrame) -> list[str]:
    """The treatments whose matrices fit on the page, at least one, the controls first."""
    treatments = in_order(rows["treatment"])
    cells = len(rows) / len(treatments)
    return treatments[: max(1, int(_CELLS / cells))]


def _matrix(
    rows: pd.DataFrame, treatment: str, metric: str, names: Mapping[str, str], scale: pd.DataFrame
) -> Markup:
    """One heat map; the colours run from the lowest to the highest score of the task."""
    low, high = float(scale["value"].min()), float(scale["value"].max())
    sign = -1 if in_bits(metric) else 1
    cells = {
        (str(row["source"]), str(row["target"])): Cell(
            shade=_shade(sign * float(row["value"]), *sorted((sign * low, sign * high))),
            text=score(float(row["value"]), metric),
            note=_spoken(row, metric, names),
            sequential=True,
        )
        for row in rows.to_dict("records")
    }
    figure = heat_map(
        cells,
        names,
        sources=axis(scale, names),
        targets=axis(scale, names),
        title=f"Transfer matrix, {metric_name(metric)}, {treatment_name(treatment)}",
        description=" ".join(cell.note for cell in cells.values()),
    )
    return element("figure", element("figcaption", treatment_name(treatment)), figure)


def _shade(value: float, low: float, high: float) -> float:
    """Where a score lies between the lowest and the highest."""
    return (value - low) / (high - low) if high > low else 0.5


def _spoken(row: Row, metric: str, names: Mapping[str, str]) -> str:
    """One cell in words."""
    source, target = str(row["source"]), str(row["target"])
    value = score(number(row["value"]), metric)
    return f"{names.get(source, source)} to {names.get(target, target)}: {value}."


def _table(rows: pd.DataFrame, task: str, metric: str, names: Mapping[str, str]) -> Table:
    """The numbers of the matrices."""
    return Table(
        caption=f"{task_name(task)}: score on the target, labels in the source, {unit(metric)}",
        columns=[
            Column("Treatment"),
            Column("Source"),
            Column("Target"),
            Column("Setting"),
            Column(metric_name(metric).capitalize() if in_bits(metric) else "Score", numeric=True),
            Column("Mean of"),
        ],
        rows=[
            [
                treatment_name(str(row["treatment"])),
                names.get(str(row["source"]), str(row["source"])),
                names.get(str(row["target"]), str(row["target"])),
                SETTINGS.get(str(row["setting"]), str(row["setting"])),
                score(float(row["value"]), metric),
                plural(int(row["n_mixtures"]), "mixture"),
            ]
            for row in rows.to_dict("records")
        ],
    )


SECTION = Section("transfer-matrix", "Zero-shot transfer matrix", "exhibits.html.j2", frame, build)
