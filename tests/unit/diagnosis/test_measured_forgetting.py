"""What it measures is tested with a run's own models: tests/unit/study/run/test_measured.py."""

from isogloss.core import TABLES
from isogloss.diagnosis import MEASUREMENTS


def test_it_is_made_with_fine_tunings_whose_models_are_not_kept() -> None:
    one = MEASUREMENTS["forgetting"]
    assert (one.when, one.stages) == ("run", ("finetune",))
    assert set(one.columns) < set(TABLES["forgetting"].columns)
