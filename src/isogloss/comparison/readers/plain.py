"""Plain tables: CSV, TSV, JSON Lines or Parquet with a row an example; MLPerf's names are known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from isogloss.comparison.readers.contract import Asked, Reader, TaskTable, files_of
from isogloss.core import InputError

_SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_TEXTS: Final = ("example", "language", "task", "seed", "label", "cluster", "system", "repeat")
# MLPerf's accuracy scripts write the index of the sample library, the data set and the accuracy.
_MLPERF: Final = {
    "qsl_idx": "example",
    "sample_id": "example",
    "dataset": "task",
    "prompt_accuracy": "score",
    "accuracy": "score",
}
_QUESTIONS: Final = ("text", "question", "prompt", "reference")
_ANSWERS: Final = ("answer", "hypothesis", "prediction", "model_output")


def _mlperf(path: Path) -> bool:
    return any({"qsl_idx", "sample_id"} & set(_header(one)) for one in _files(path)[:3])


def _plain(path: Path) -> bool:
    return any("example" in _header(one) for one in _files(path)[:3])


def _files(path: Path) -> list[Path]:
    return [one for one in files_of(path, "*") if one.suffix.lower() in _SUFFIXES]


def _header(path: Path) -> list[str]:
    """Return the names of a table's columns; none where it is no table."""
    try:
        return [str(name) for name in _table(path, rows=1)]
    except (ValueError, OSError, pa.ArrowException):
        return []


def _table(path: Path, rows: int | None = None) -> pd.DataFrame:
    kind = path.suffix.lower()
    if kind == ".parquet":
        return pq.read_schema(path).empty_table().to_pandas() if rows else _parquet(path)
    if kind in {".csv", ".tsv"}:
        texts: dict[str, type] = dict.fromkeys((*_TEXTS, *_MLPERF), str)
        del texts["prompt_accuracy"], texts["accuracy"]
        between = "\t" if kind == ".tsv" else ","
        return pd.read_csv(
            path, sep=between, dtype=texts, nrows=rows, keep_default_na=False, na_values=[""]
        )
    if rows:
        return pd.read_json(path, lines=True, nrows=rows, dtype=False)
    return pj.read_json(path).to_pandas()


def _parquet(path: Path) -> pd.DataFrame:
    return pq.read_table(path).to_pandas()


def _read(path: Path, asked: Asked) -> Iterator[TaskTable]:
    for file in _files(path):
        try:
            table = _table(file)
        except (ValueError, OSError, pa.ArrowException) as error:
            raise InputError(
                expected="a table with a row an example",
                found=str(error).splitlines()[0],
                where=str(file),
                next_step="Mend the file, or write it as CSV.",
            ) from error
        table = table.rename(columns=_renamed([str(name) for name in table], asked))
        yield TaskTable(_with_text(table, asked), file.stem if len(_files(path)) > 1 else "")


def _renamed(names: list[str], asked: Asked) -> dict[str, str]:
    """Return our names for MLPerf's, and for the column of the score that was asked for."""
    renamed = {
        theirs: ours for theirs, ours in _MLPERF.items() if theirs in names and ours not in names
    }
    if asked.score in names:
        renamed = {name: ours for name, ours in renamed.items() if ours != "score"}
        renamed |= {"score": "score of the file", str(asked.score): "score"}
    return renamed


def _with_text(table: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the table with `text` where it was asked for, and without what only text is."""
    said = [next((name for name in names if name in table), "") for names in (_QUESTIONS, _ANSWERS)]
    rest = table.drop(columns=[*_QUESTIONS, *_ANSWERS], errors="ignore")
    if not asked.with_text or not any(said):
        return rest
    parts = [table[name].astype("str").fillna("") for name in said if name]
    return rest.assign(text=parts[0] if len(parts) == 1 else parts[0] + " → " + parts[1])


PLAIN: Final = Reader(
    "plain",
    "a CSV, TSV, JSON Lines or Parquet file with the columns example, language (or task) and score "
    "(or errors and words, tp, fp and fn, bits and bytes)",
    _plain,
    _read,
)
MLPERF: Final = Reader(
    "MLPerf",
    "a CSV file with the columns qsl_idx (or sample_id), accuracy (or correct) and dataset",
    _mlperf,
    _read,
)
