from pathlib import Path

import pytest

from isogloss.study import Prepared, expected_effects
from unit.study import toys
from unit.study.plan.test_spread import write_study


def test_more_seeds_find_smaller_differences(prepared: Prepared, tmp_path: Path) -> None:
    like = write_study(tmp_path / "toy")
    found = []
    for seeds in ([0, 1], [0, 1, 2], list(range(8))):
        spec = toys.spec(tasks=["pos"], seeds=seeds)
        [one] = expected_effects(spec, prepared, like).effects
        assert (one.task, one.seeds, one.of_interest) == ("pos", len(seeds), 0.02)
        assert one.comparisons == 2 * len(spec.match), "two languages, ways to match budgets"
        found.append(one.smallest_found)
    assert found == sorted(found, reverse=True)


def test_the_seeds_that_are_needed_find_what_matters(prepared: Prepared, tmp_path: Path) -> None:
    like = write_study(tmp_path / "toy")
    spec = toys.spec(tasks=["pos"], seeds=list(range(9)))
    [nine] = expected_effects(spec, prepared, like).effects
    # To whom what nine seeds find matters, nine are needed, however many he planned.
    wanted = {"smallest_effect": {"pos_accuracy": nine.smallest_found}}
    spec = toys.spec(tasks=["pos"], seeds=[0, 1], statistics=wanted)
    [found] = expected_effects(spec, prepared, like).effects
    assert (found.of_interest, found.seeds_needed) == (nine.smallest_found, 9)


def test_what_is_not_known_is_said(prepared: Prepared, tmp_path: Path) -> None:
    nothing = expected_effects(toys.spec(tasks=[], model="small"), prepared, None)
    assert nothing.effects == ()
    assert "No finished study of `small` is known" in nothing.remarks[0]
    one_seed = expected_effects(toys.spec(seeds=[0]), prepared, write_study(tmp_path / "toy"))
    assert "With one seed there is no verdict" in one_seed.remarks[0]
    assert "1 did" in one_seed.remarks[1] or "is not known" in one_seed.remarks[1]


@pytest.mark.parametrize(("model", "known"), [("mini", True), ("micro", True), ("paper", False)])
def test_kept_results_are_shipped(model: str, known: bool, prepared: Prepared) -> None:
    spec = toys.spec(tasks=[], seeds=[0, 1, 2], model=model)
    assert bool(expected_effects(spec, prepared, None).effects) is known


def test_nothing_is_said_of_the_plateau_where_nothing_is_trained_on_text(
    prepared: Prepared,
) -> None:
    setting = {"treat": "finetuning", "tasks": ["pos"], "model": "own/encoder"}
    without = {"updates": 0, "head_updates": 0}
    spec = toys.spec(**setting, pretraining=without)
    assert not any("plateau" in one for one in expected_effects(spec, prepared, None).remarks)
