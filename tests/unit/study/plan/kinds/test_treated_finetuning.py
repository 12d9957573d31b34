from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.study.plan.kinds.treated_finetuning import TreatedFinetuning
from unit.study import toys

JOINT: dict[str, Any] = {"treat": "finetuning", "tasks": ["pos"]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({**JOINT, "zero_shot_to": ["qab"]}, "that no mixture holds"),
        ({"treat": "finetuning"}, "a task to fine-tune"),
        ({**JOINT, "pretraining": {"updates": 0}}, "for a preset"),
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


def test_every_mixture_holds_the_language_of_the_pseudo_tasks() -> None:
    groups = {"language": "qac", "groups": 2}
    with pytest.raises(InputError, match="its base has to know it"):
        toys.spec(**JOINT, pseudo_tasks=groups)


def test_one_model_is_fine_tuned_on_several_languages() -> None:
    spec = toys.spec(**JOINT, measurements=[])
    assert isinstance(spec, TreatedFinetuning)
    assert (spec.treated, spec.learns_together) == ("finetune", True)
    assert spec.asked_measurements == {"forgetting"}


def test_what_is_pretrained_is_no_setting_where_nothing_is() -> None:
    """Unless a head that the checkpoint lacks is trained by it."""
    still = {"updates": 0, "rows": 2}
    hub = {**JOINT, "model": "someone/encoder"}
    with pytest.raises(InputError, match=r"`pretraining\.rows`"):
        toys.spec(**hub, pretraining={**still, "head_updates": 0})
    assert toys.spec(**hub, pretraining=still).pretraining.rows == 2
