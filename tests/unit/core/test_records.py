"""Records as a table, and back from disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from isogloss.core import InputError, Record, read_records, records_frame
from isogloss.core.records import RECORD_COLUMNS

RECORD = Record(
    study="s",
    run_id="r",
    treatment="untreated",
    mixture="eng-Latn+swa-Latn",
    match="",
    languages=2,
    seed=0,
    stage="pretrain",
    task="masked_lm",
    metric="bits_per_byte",
    setting="within_language",
    source_language="swa-Latn",
    target_language="swa-Latn",
    value=1.5,
    n_examples=10,
    status="ok",
    updates=100,
    tokens=1000,
    passes=100.0,
    wall_s=1.0,
    peak_memory_mb=100.0,
    spec_hash="abc",
    version="0",
)


def test_table_has_one_row_a_number_and_the_columns_of_the_contract() -> None:
    frame = records_frame([RECORD, replace(RECORD, seed=1, value=1.25)])
    assert tuple(frame.columns) == RECORD_COLUMNS
    assert frame["value"].tolist() == [1.5, 1.25]


def test_no_record_is_an_empty_table_with_columns() -> None:
    assert tuple(records_frame([]).columns) == RECORD_COLUMNS


def test_reads_what_a_study_wrote(tmp_path: Path) -> None:
    records_frame([RECORD]).to_parquet(tmp_path / "records.parquet")
    assert read_records(tmp_path).to_dict("records") == records_frame([RECORD]).to_dict("records")


def test_refuses_a_folder_without_records(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_records(tmp_path)


def test_refuses_damaged_records(tmp_path: Path) -> None:
    (tmp_path / "records.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(InputError, match="damaged"):
        read_records(tmp_path)
