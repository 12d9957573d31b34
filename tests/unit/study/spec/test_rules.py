from typing import Any

import pytest

from isogloss.core import InputError
from unit.study import toys


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tasks": ["pos"], "finetuning": {"tasks": {"qa": {"rows": 2}}}}, "of the study: pos"),
        ({"tasks": ["pos-on-pos.pud"], "scored_on": "dev"}, "the set they are trained on"),
        ({"trim": True}, "`trim` with a checkpoint only"),
        ({"measurements": ["conflict"]}, "would not make otherwise"),
        ({"measurements": ["forgetting", "forgetting"]}, "each once"),
        ({"measurements": ["forgetting"]}, "runs that `forgetting` can be measured of"),
    ],
)
def test_no_study_may_ask_for_it(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        toys.spec(**changes)
    assert expected in refused.value.expected
    assert refused.value.next_step


def test_the_head_alone_is_trained_of_a_checkpoint_only() -> None:
    with pytest.raises(InputError, match=r"`pretraining\.head_updates` of a checkpoint only"):
        toys.spec(pretraining={"head_updates": 0})
    hub = toys.spec(model="someone/encoder", pretraining={"head_updates": 0})
    assert hub.pretraining.head_updates == 0
