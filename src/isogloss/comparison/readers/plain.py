"""Plain tables: CSV, TSV, JSON Lines or Parquet with a row an example; MLPerf's names are known.

What MLPerf's load generator writes, `mlperf_log_accuracy.json`, are outputs (`seq_id`, `qsl_idx`,
`data` in hexadecimal) and no scores. Scores of examples are written by the accuracy scripts of
single benchmarks, where they write any: gpt-oss-120b as JSON, `detailed_results` with `qsl_idx`,
`dataset` and `is_correct` (with --verbose); others are brought into a CSV with these names.
"""

import json
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
# Index of the sample library, data set and accuracy, as MLPerf's accuracy scripts call them.
_MLPERF: Final = {
    "qsl_idx": "example",
    "sample_id": "example",
    "dataset": "task",
    "prompt_accuracy": "score",
    "accuracy": "score",
    "is_correct": "score",
}
_HEAD: Final = 65_536
_QUESTIONS: Final = ("text", "question", "prompt", "reference")
_ANSWERS: Final = ("answer", "hypothesis", "prediction", "model_output", "model_output_preview")


def _mlperf(path: Path) -> bool:
    tables = any({"qsl_idx", "sample_id"} & set(_header(one)) for one in _files(path)[:3])
    return tables or bool(_logs(path))


def _logs(path: Path) -> list[Path]:
    """Return the JSON files of MLPerf: with scores, or with outputs alone."""
    found = []
    for one in files_of(path, "*.json"):
        with one.open(encoding="utf-8", errors="replace") as file:
            if '"qsl_idx"' in file.read(_HEAD):
                found.append(one)
    return found


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
        for score in ("prompt_accuracy", "accuracy", "is_correct"):
            del texts[score]
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


def _read_mlperf(path: Path, asked: Asked) -> Iterator[TaskTable]:
    for file in _logs(path):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            rows = content.get("detailed_results") if isinstance(content, dict) else None
            table = pd.DataFrame(rows or [])
        except (ValueError, OSError, RecursionError) as error:
            raise InputError(
                expected="JSON of an accuracy script of MLPerf",
                found=f"a damaged file ({error})",
                where=str(file),
                next_step="Run the script again.",
            ) from error
        if "qsl_idx" not in table:
            raise InputError(
                expected="the score of each example (`detailed_results` with `is_correct`)",
                found="outputs without scores, as MLPerf's load generator writes",
                where=str(file),
                next_step="Run the benchmark's accuracy script (with --verbose, if it has that), "
                "or write qsl_idx, dataset and accuracy as CSV.",
            )
        table = table.rename(columns=_renamed([str(name) for name in table], asked))
        yield TaskTable(_with_text(table[_known(table)], asked))
    yield from _read(path, asked)


def _known(table: pd.DataFrame) -> list[str]:
    """Return the columns of MLPerf's JSON that are about the example, and not about its answer."""
    answers = ("seq_id", "ground_truth", "evaluation_details", "token_count", "extracted_answer")
    return [str(name) for name in table if name not in answers]


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
    "a CSV file with the columns qsl_idx (or sample_id), accuracy (or correct, is_correct) and "
    "dataset; JSON with detailed_results",
    _mlperf,
    _read_mlperf,
)
