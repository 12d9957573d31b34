import dataclasses
import json
import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toys
from isogloss.core import InputError, Language
from isogloss.models import ModuleSpec
from isogloss.training import (
    AdamWSettings,
    OptimizerStep,
    TextSampling,
    content_hash,
    describe,
)

CHANGES = {
    "languages": toys.PAIR[::-1],
    "updates": 4,
    "rows": 5,
    "length": 13,
    "seed": 2,
    "sampler": TextSampling(0.5),
    "modules": (ModuleSpec.per_language("adapter", 2),),
    "step": OptimizerStep(AdamWSettings(beta2=0.9), "constant", 0.0),
    "precision": "bf16",
}


def test_the_fingerprint_does_not_know_who_made_the_plan() -> None:
    plain = toys.plan()
    claimed = plain.replace_parts("some_treatment", sampler=plain.sampler)
    assert claimed.claims == (("sampler", "some_treatment"),)
    assert claimed.fingerprint() == plain.fingerprint()
    assert "some_treatment" not in json.dumps(claimed.describe())


def test_every_field_changes_the_fingerprint() -> None:
    plain = toys.plan()
    fingerprints = {plain.fingerprint()}
    for name, value in CHANGES.items():
        fingerprints.add(dataclasses.replace(plain, **{name: value}).fingerprint())
    assert len(fingerprints) == len(CHANGES) + 1


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    """Pinned: a change of it makes every finished run on users' machines start again."""
    assert content_hash({"b": [1, 2.5, None], "a": "é"}) == content_hash(
        {"a": "é", "b": [1, 2.5, None]}
    )
    assert content_hash({"a": 1})[:16] == "f9d86028c6e0d64e"


def test_two_treatments_cannot_replace_one_part() -> None:
    once = toys.plan().replace_parts("first", sampler=TextSampling(0.1))
    with pytest.raises(InputError, match="one treatment for the part `sampler`") as refused:
        once.replace_parts("second", sampler=TextSampling(0.2))
    assert "`first` and `second`" in str(refused.value)
    both = once.replace_parts("second", modules=())
    assert both.claims == (("sampler", "first"), ("modules", "second"))


def test_a_plan_travels_to_another_process() -> None:
    claimed = toys.plan(modules=CHANGES["modules"]).replace_parts("one", sampler=TextSampling(1.0))
    again = pickle.loads(pickle.dumps(claimed))
    assert again == claimed
    assert again.fingerprint() == claimed.fingerprint()


def test_what_is_described() -> None:
    described = toys.plan().describe()
    assert described["languages"] == ["eng-Latn", "swa-Latn"]
    assert described["sampler"] == {"is": "TextSampling", "exponent": 0.0}
    assert json.loads(json.dumps(described)) == described


def test_parts_of_equal_fields_are_told_apart() -> None:
    @dataclasses.dataclass
    class One:
        value: int = 1

    @dataclasses.dataclass
    class Other:
        value: int = 1

    assert describe(One()) != describe(Other())
    assert describe({Language.parse("te"): (1,)}) == {"tel-Telu": [1]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_plain_data_is_described_as_itself(value: object) -> None:
    assert describe(value) == value
    assert content_hash(value) == content_hash(json.loads(json.dumps(value)))


MINE = """
import dataclasses

@dataclasses.dataclass(frozen=True)
class Mine:
    a: int = 1
"""


def _part_of(text: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Return a part of a plan whose class a user's file of this text holds."""
    path.write_text(text, encoding="utf-8")
    module = ModuleType("my_parts")
    module.__file__ = str(path)
    monkeypatch.setitem(sys.modules, "my_parts", module)
    exec(text, vars(module))
    return module.Mine()


def test_the_text_of_a_part_of_ones_own_is_in_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a run of the former text would be taken for a run of the new one."""
    first = describe(_part_of(MINE, tmp_path / "one.py", monkeypatch))
    again = describe(_part_of(MINE, tmp_path / "two.py", monkeypatch))
    changed = describe(_part_of(MINE + "    def b(self): ...\n", tmp_path / "one.py", monkeypatch))
    assert first == again != changed
    assert "code" not in describe(TextSampling(0.5))


def test_a_part_that_no_file_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = _part_of(MINE, tmp_path / "one.py", monkeypatch)
    monkeypatch.delattr(sys.modules["my_parts"], "__file__")
    with pytest.raises(InputError, match="`Mine`, which no file holds"):
        describe(part)
