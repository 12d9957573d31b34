import dataclasses

import pandas as pd
import pytest

from isogloss.report.sections import parameters
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_what_each_language_uses(study: StudyFiles) -> None:
    table = parameters.frame(study)
    assert table["treatment"].drop_duplicates().tolist() == [
        *("monolingual", "untreated", "temperature", "language_adapters")
    ]
    row = table[table["treatment"] == "language_adapters"].iloc[0]
    assert row["used"] == 2_183_424 + 37_632
    assert row["relative"] == pytest.approx(1 + 37_632 / 2_183_424)
    assert set(table.loc[table["treatment"] == "untreated", "relative"]) == {1.0}
    assert table.loc[table["treatment"] == "monolingual", "relative"].isna().all()


def test_languages_that_use_as_many_share_a_line(study: StudyFiles) -> None:
    [exhibit] = parameters.build(study)["exhibits"]
    assert len(exhibit.table.rows) == 3 + 3 * 2
    assert exhibit.table.rows[-1][1:3] == ["English + Arabic", "each"]
    assert exhibit.download.n_rows == 3 + 3 * 4


def test_groups_of_languages_have_lines_of_their_own(study: StudyFiles) -> None:
    rows = [
        {"treatment": "grouped", "mixture": "a+b+c", "language": one, "shared": 10,
         "language_specific": size}
        for one, size in (("a", 4), ("b", 2), ("c", 2))
    ]  # fmt: skip
    tables = {"parameters": pd.DataFrame(rows)}
    [exhibit] = parameters.build(dataclasses.replace(study, tables=tables))["exhibits"]
    assert [row[2] for row in exhibit.table.rows] == ["a", "b, c"]
    assert exhibit.table.rows[0][5] == "28.6\u00a0%"
    assert exhibit.table.rows[0][7] == "—", "untreated was not run"


def test_a_study_from_before_they_were_counted(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match=r"parameters\.csv is not in the study folder"):
        parameters.frame(bare)
