"""Units print and name their task; our catalogue keeps the contract of a data source."""

from isogloss.core import Language
from isogloss.data.sources import KINDS, SPLITS, DataSource, Unit
from isogloss.data.sources.catalogue import Catalogue


def test_units_print_what_they_are() -> None:
    pair = (Language.parse("en"), Language.parse("te"))
    unit = Unit("parallel.tatoeba", pair, "test")
    assert str(unit) == "parallel.tatoeba eng-Latn+tel-Telu test"
    assert unit.task == "parallel"


def test_the_catalogue_has_every_method_of_the_contract() -> None:
    contract = {name for name in vars(DataSource) if not name.startswith("_")}
    assert contract <= {*dir(Catalogue), *Catalogue.__dataclass_fields__}


def test_kinds_and_splits() -> None:
    assert set(KINDS) >= {"text", "pos", "ner", "topic", "nli", "parallel", "qa"}
    assert SPLITS == ("train", "dev", "test")
