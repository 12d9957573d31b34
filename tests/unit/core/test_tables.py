import pytest

from isogloss.core import TABLES, TEXT_COLUMNS, TRUTH_COLUMNS
from isogloss.core.records import RECORD_COLUMNS


@pytest.mark.parametrize("name", list(TABLES))
def test_needed_columns_are_columns_and_none_is_there_twice(name: str) -> None:
    table = TABLES[name]
    assert set(table.needed) <= set(table.columns)
    assert len(set(table.columns)) == len(table.columns)


def test_words_and_truths_are_columns_of_some_table() -> None:
    known = {column for table in TABLES.values() for column in table.columns}
    assert known >= TEXT_COLUMNS
    assert known >= TRUTH_COLUMNS
    assert not TEXT_COLUMNS & TRUTH_COLUMNS


def test_records_are_the_records() -> None:
    assert TABLES["records"].columns == RECORD_COLUMNS
