"""What a record says of translations, and when they are an oracle."""

import pytest

from isogloss.data.translations.contract import Provenance, Translations, Way
from unit.data.translations.conftest import wanted


@pytest.mark.parametrize(
    ("way", "split", "oracle"),
    [
        ("human", "train", False),
        ("human", "dev", True),
        ("human", "test", True),
        ("machine", "test", False),
        ("gloss", "test", False),
    ],
)
def test_human_translations_of_test_text_are_an_oracle(way: Way, split: str, oracle: bool) -> None:
    found = Translations(wanted(split=split), Provenance("x", way, "y"), "copied", ())
    assert found.is_oracle == oracle
    assert found.record()["oracle"] == oracle


def test_the_record_says_where_translations_come_from() -> None:
    provenance = Provenance("machine", "machine", "opus-mt-en-fr")
    found = Translations(wanted(), provenance, "hidden", (), {"too long": 2})
    assert str(provenance) == "machine (opus-mt-en-fr)"
    assert found.record() == {
        "translations": "nli train, eng-Latn to fra-Latn",
        "provider": "machine",
        "way": "machine",
        "name": "opus-mt-en-fr",
        "labels": "hidden",
        "oracle": False,
        "translated": 0,
        "skipped": {"too long": 2},
    }
