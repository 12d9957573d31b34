"""Every list names everything there is."""

import json
from collections.abc import Callable

import pytest

from isogloss.cli.list import LISTS
from isogloss.core import METRICS
from isogloss.data import TASKS
from isogloss.models import PRESETS
from isogloss.treatments import TREATMENTS

NAMES = {
    "treatments": TREATMENTS,
    "tasks": TASKS,
    "measurements": METRICS,
    "presets": PRESETS,
}


@pytest.mark.parametrize("what", NAMES)
def test_lists_as_json(what: str, isogloss: Callable[..., object]) -> None:
    code, out, _ = isogloss("list", what, "--json")
    assert code == 0
    assert [next(iter(row.values())) for row in json.loads(out)] == list(NAMES[what])


@pytest.mark.parametrize("what", LISTS)
def test_lists_for_people(what: str, isogloss: Callable[..., object]) -> None:
    code, out, _ = isogloss("list", what)
    assert code == 0
    assert what in out


def test_languages_have_names_and_families(isogloss: Callable[..., object]) -> None:
    rows = json.loads(isogloss("list", "languages", "--json")[1])
    telugu = next(row for row in rows if row["language"] == "tel-Telu")
    assert (telugu["name"], telugu["family"]) == ("Telugu", "Dravidian")
