from typing import Any

import pytest

from isogloss.core import InputError
from unit.study import toys

JOINT: dict[str, Any] = {"treat": "finetuning", "tasks": ["pos"]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({**JOINT, "zero_shot_to": ["qab"]}, "that no mixture holds"),
        ({"treat": "finetuning"}, "a task to fine-tune"),
        ({"zero_shot_to": ["qac"]}, "with `treat: finetuning` only"),
        ({"pretraining": {"updates": 0}}, "where pretraining is what the treatments"),
        ({**JOINT, "pretraining": {"updates": 0}}, "for a preset"),
        ({"tasks": ["pos"], "finetuning": {"tasks": {"qa": {"rows": 2}}}}, "of the study: pos"),
        ({**JOINT, "mixtures": [["qaa"]]}, "two languages or more in a mixture"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        toys.spec(**changes)
    assert expected in refused.value.expected
    assert refused.value.next_step


@pytest.mark.parametrize("name", ["language_adapters", "meta_adapters", "language_ffn"])
def test_treatments_that_add_modules_are_of_pretraining(name: str) -> None:
    with pytest.raises(InputError, match=f"`{name}`, which does"):
        toys.spec(**JOINT, treatments=["monolingual", "untreated", name])


def test_the_base_keeps_its_label() -> None:
    other = {"temperature": {}, "label": "base"}
    with pytest.raises(InputError, match="stands for the pretrained model"):
        toys.spec(**JOINT, treatments=["monolingual", "untreated", other])


def test_what_makes_sense_passes() -> None:
    assert toys.spec(**JOINT, zero_shot_to=["qac"]).languages == (*toys.PAIR, toys.THIRD)
    hub = toys.spec(**JOINT, model="someone/encoder", pretraining={"updates": 0})
    assert hub.pretraining.updates == 0


def test_the_head_alone_is_trained_of_a_checkpoint_only() -> None:
    with pytest.raises(InputError, match=r"`pretraining\.head_updates` of a checkpoint only"):
        toys.spec(pretraining={"head_updates": 0})
    hub = toys.spec(model="someone/encoder", pretraining={"head_updates": 0})
    assert hub.pretraining.head_updates == 0
