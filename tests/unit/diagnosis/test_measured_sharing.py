import dataclasses
from typing import Any

import toys
from isogloss.core import TABLES
from isogloss.diagnosis import MEASUREMENTS, FinishedRun, measured_sharing
from unit.diagnosis.sharing.test_sharing_map import guessing
from unit.evaluation.toys import LetterTokenizer

ONE = MEASUREMENTS["sharing"]


def run(languages: Any) -> FinishedRun:
    values: dict[str, Any] = dict.fromkeys(one.name for one in dataclasses.fields(FinishedRun))
    corpora = toys.corpora(toys.PAIR)
    return FinishedRun(
        **values
        | {
            "languages": languages,
            "tokenizer": LetterTokenizer(),
            "corpus": lambda language, _: corpora[language],
            "model": guessing,
        }
    )


def test_it_is_made_on_request_with_joint_pretrainings() -> None:
    assert (ONE.when, ONE.stages, ONE.on_request) == ("run", ("pretrain",), True)
    assert set(ONE.columns) < set(TABLES["sharing"].columns)


def test_rows_have_its_columns(monkeypatch: Any) -> None:
    monkeypatch.setattr(measured_sharing, "_UPDATES", 2)
    monkeypatch.setattr(measured_sharing, "_ROWS", 2)
    rows = list(ONE.measure(run(toys.PAIR)))
    assert len(rows) == 4 * 3
    assert all(tuple(row) == ONE.columns for row in rows)


def test_neurons_of_a_run() -> None:
    one = MEASUREMENTS["neurons"]
    rows = list(one.measure(run(toys.PAIR)))
    assert all(tuple(row) == one.columns for row in rows)
    assert {row["language"] for row in rows} == {str(language) for language in toys.PAIR}
    assert list(one.measure(run(toys.PAIR[:1]))) == []


def test_one_language_shares_with_nobody() -> None:
    assert list(ONE.measure(run(toys.PAIR[:1]))) == []
