"""The contract, over the whole table of measurements."""

import re

import pytest

from isogloss.core import ROLE_COLUMNS
from isogloss.diagnosis import MEASUREMENTS, Measurement


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_each_declares_itself(name: str) -> None:
    one: Measurement = MEASUREMENTS[name]
    assert one.name == name
    assert re.fullmatch("[a-z_]+", name), "it names a file"
    assert one.what.endswith("?"), "a question, in one sentence"
    assert one.stages and set(one.stages) <= {"pretrain", "score", "finetune"}
    assert one.when in ("run", "tables")
    assert len(set(one.columns)) == len(one.columns) > 0
    assert not set(one.columns) & set(ROLE_COLUMNS), "what a run stands for is joined"
    assert (type(one).__doc__ or "").strip(), "it says what is measured"
