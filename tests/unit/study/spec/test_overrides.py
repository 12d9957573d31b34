import pytest

from isogloss.core import InputError
from isogloss.study.spec.overrides import apply_override


def test_a_dotted_key_is_set_in_place() -> None:
    content: dict[str, object] = {"finetuning": {"epochs": 3}}
    apply_override(content, "finetuning.rows=8")
    apply_override(content, "zero_shot_to=[fr, te]")
    assert content == {"finetuning": {"epochs": 3, "rows": 8}, "zero_shot_to": ["fr", "te"]}


def test_a_key_below_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="keys below `name`"):
        apply_override({"name": "x"}, "name.first=1")
