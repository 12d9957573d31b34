"""A room shows few names: what is not declared stays free to change."""

import pytest

from structure import sources
from structure.test_imports import public_names

MOST_NAMES = 12
# Rooms that are vocabularies for the rooms above rather than machines with one handle; each limit
# is a little above what stands today, so that the next name is a decision.
WIDER = {
    "comparison": 22,
    "core": 56,
    "data": 72,
    "evaluation": 22,
    "gradients": 28,
    "models": 28,
    "training": 51,
    "treatments": 66,
    "diagnosis": 54,
    "statistics": 52,
    "study": 36,
}


@pytest.mark.parametrize("room", sources.ROOMS)
def test_rooms_show_few_names(room: str) -> None:
    names = public_names(room)
    limit = WIDER.get(room, MOST_NAMES)
    assert len(names) <= limit, f"{room} shows {len(names)} names, over {limit}: {sorted(names)}"


@pytest.mark.parametrize("room", sources.ROOMS)
def test_rooms_explain_themselves(room: str) -> None:
    docstring = (sources.PACKAGE / room / "__init__.py").read_text(encoding="utf-8")
    assert docstring.startswith('"""'), f"{room}/__init__.py says in its docstring what it is for"
