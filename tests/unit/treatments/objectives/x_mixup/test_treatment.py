"""X-Mixup's options: defaults by kind of task, what a run lays before it, ablations."""

from typing import Any

import pytest

import toys
from isogloss.core import InputError
from isogloss.training import PairedObjective
from isogloss.treatments import build_treatment
from unit.treatments.objectives.pairs import TASKS, plan_of

ABLATIONS: dict[str, dict[str, Any]] = {
    "no mixing": {"mixes": False},
    **{f"ratio {lam}": {"ratio": "fixed", "lam0": lam} for lam in (0.1, 0.2, 0.3, 0.4, 0.5)},
    "gold sources": {"sampling": "gold"},
    "sources translated back": {"sampling": "back"},
    "no MSE": {"mse_weight": 0.0},
    "no KL": {"kl_weight": 0.0},
    "no consistency": {"mse_weight": 0.0, "kl_weight": 0.0},
    "another layer": {"layer": 1},
    "no mixing at test time": {"at_test": "none"},
    "the released ratio": {"ratio": "released"},
}


@pytest.mark.parametrize(
    ("kind", "alpha", "p_k", "layers"),
    [
        ("classification", 0.4, 1000, (0, 0)),
        ("tagging", 0.8, 1000, (3, 2)),
        ("qa", 0.2, 2000, (15, 8)),
    ],
)
def test_the_defaults_are_those_of_the_kind_of_task(
    kind: str, alpha: float, p_k: float, layers: tuple[int, int]
) -> None:
    objective: Any = plan_of(kind, "x_mixup").objective
    assert (objective.alpha, objective.p_k) == (alpha, p_k)
    assert (objective.layer_of(24), objective.layer_of(12)) == layers


def test_each_ablation_is_one_setting_and_another_training() -> None:
    plans = [
        plan_of("classification", "x_mixup", **options) for options in ({}, *ABLATIONS.values())
    ]
    assert len({one.fingerprint() for one in plans}) == len(ABLATIONS) + 1


@pytest.mark.parametrize("kind", TASKS)
def test_a_run_knows_what_to_lay_before_it(kind: str) -> None:
    objective = plan_of(kind, "x_mixup").objective
    assert isinstance(objective, PairedObjective)
    assert objective.reads.beside == ("source", "back")
    assert objective.reads.languages == "all"
    assert (objective.earlier is not None) is (kind == "tagging")
    gold: Any = plan_of(kind, "x_mixup", sampling="gold").objective
    assert gold.reads.beside == ("source",)


def test_an_update_costs_two_streams() -> None:
    plain = toys.paired_plan()
    assert plain.passes == 1.0
    assert plan_of("classification", "x_mixup").passes == 2.0


def test_masked_text_is_refused() -> None:
    with pytest.raises(InputError, match="fine-tuning on a task"):
        build_treatment("x_mixup", {}).apply(toys.plan())
