from urllib.parse import unquote

import pandas as pd

from isogloss.report.exhibit import Column, Table, csv_text, download


def test_csv_keeps_full_precision() -> None:
    assert csv_text(pd.DataFrame({"value": [0.1 + 0.2]})) == "value\n0.30000000000000004\n"


def test_formulas_are_disarmed() -> None:
    frame = pd.DataFrame({"name": ["=1+1", "@x", "plain", None], "value": [-1.0, 2.0, 3.0, 4.0]})
    lines = csv_text(frame).splitlines()
    assert lines[1:] == ["'=1+1,-1.0", "'@x,2.0", "plain,3.0", ",4.0"]
    assert frame["name"].iloc[0] == "=1+1"


def test_download_is_an_address_without_markup() -> None:
    frame = pd.DataFrame({"name": ['"><img onerror=1>', "тел #1 & 100%"]})
    made = download(frame, "table")
    assert made.name == "table.csv"
    assert made.n_rows == 2
    assert not set('<>"# &') & set(made.address)
    assert unquote(made.address.split(",", 1)[1]) == csv_text(frame)


def test_a_long_table_is_printed_in_part() -> None:
    table = Table("All", [Column("Place")], [[str(place)] for place in range(1000)])
    assert len(table.printed) == 400
    assert len(Table("All", [Column("Place")], [["1"]]).printed) == 1
