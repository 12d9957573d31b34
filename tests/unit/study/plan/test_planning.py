"""What is planned, refused and told in every kind of study."""

from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.study import Prepared, foresee, plan_study
from unit.study import toys


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"pretraining": {"updates": 6, "rows": 4, "length": 513}}, "pretraining.length"),
        ({"tasks": ["pos"], "finetuning": {"length": 600}}, "finetuning.length"),
        (
            {"tasks": ["pos"], "finetuning": {"tasks": {"pos": {"length": 600}}}},
            "finetuning.tasks.pos.length",
        ),
    ],
)
def test_sequences_beyond_the_positions_of_the_model_are_refused(
    prepared: Prepared, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(InputError, match="at most 512 tokens") as refused:
        plan_study(toys.spec(**changes), prepared, {})
    assert refused.value.where == key


def test_stages_of_seeds_are_told(prepared: Prepared) -> None:
    plan = plan_study(toys.spec(seeds={"first": 2, "most": 3}), prepared, {})
    n_first = sum(run.plan.seed < 2 for run in plan.runs.values())
    [note] = [one for one in plan.notes if one.startswith("Seeds until decided")]
    assert f"{n_first} runs with 2 seeds at first, at most {len(plan.runs)} with 3" in note


def test_a_smallest_effect_without_translations_is_told(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = toys.spec(statistics={"smallest_effect": {"retrieval_accuracy": 0.1}})
    for there in (True, False):
        monkeypatch.setattr(Prepared, "has_parallel", lambda *_, there=there: there)
        notes = plan_study(spec, prepared, {}).notes
        assert any("no translations to retrieve" in one for one in notes) is not there


def test_the_runs_behind_a_choice_are_foreseen(prepared: Prepared) -> None:
    """As if the first candidate were chosen: every seed of it is there."""
    spec = toys.spec(treatments=["monolingual", "untreated", "temperature"])
    plan, whole = plan_study(spec, prepared, {}), foresee(spec, prepared, {})
    [key] = plan.open_choices
    chosen = plan_study(spec, prepared, {key: 0})
    assert whole.runs.keys() == plan.runs.keys() | chosen.runs.keys()
