import dataclasses

import pandas as pd
import pytest

from isogloss.report.sections import factors
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles
from unit.report.sections.test_where_it_lives import ASKED, rows


def asked(study: StudyFiles, **tables: pd.DataFrame) -> StudyFiles:
    about = {**study.about, **ASKED}
    return dataclasses.replace(study, about=about, tables={**study.tables, **tables})


def test_factors_of_the_same_models_stand_side_by_side(study: StudyFiles) -> None:
    table = factors.frame(asked(study, sharing=rows().assign(mixture="eng-Latn+swa-Latn")))
    masked = table[table["task"] == "masked_lm"].set_index(["mixture", "language"])
    pair = masked.loc["eng-Latn+swa-Latn"]
    assert set(pair.index) == {"eng-Latn", "swa-Latn"}
    assert pair["sharing"].to_list() == pytest.approx([0.55, 0.55])
    assert set(pair["n_partners"]) == {1}
    assert (pair["corpus_tokens"] > 0).all()
    others = masked.drop("eng-Latn+swa-Latn", level="mixture")
    assert others["sharing"].isna().all(), "of these no map was made"


def test_rank_correlations_need_rows_and_spread() -> None:
    table = pd.DataFrame({"interference": [1.0, 2, 3, 4, 5], "sharing": [5.0, 4, 3, 2, 1]})
    table = table.assign(corpus_tokens=1.0, n_partners=[1, 1, 2, 2, 2], gradient_cosine=None)
    found = factors.correlations(table)
    assert found["sharing"] == pytest.approx(-1)
    assert set(found) == {"sharing", "n_partners"}
    assert factors.correlations(table.head(4)) == {}


def test_a_table_per_task(study: StudyFiles) -> None:
    built = factors.build(asked(study))
    titles = [exhibit.title for exhibit in built["exhibits"]]  # type: ignore[attr-defined]
    assert len(titles) == len(set(titles)) >= 2


def test_where_it_has_no_place(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        factors.frame(study)
    empty = study.table("verdicts").head(0)
    with pytest.raises(NotMeasured, match="equal data"):
        factors.frame(asked(study, verdicts=empty))
