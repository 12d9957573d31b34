from typing import Any

import numpy as np
import pandas as pd
import pytest

from isogloss.comparison import Scored, make_scored
from isogloss.comparison.gate import Policy, decide
from isogloss.core import InputError


def system(losses: dict[str, int], n: int = 1000, task: str = "t", **columns: object) -> Scored:
    """Return right and wrong answers: of a language so many more are wrong than a fifth."""
    parts = []
    for language, lost in losses.items():
        score = np.ones(n, dtype=int)
        score[: n // 5 + lost] = 0
        parts.append(
            pd.DataFrame(
                {"example": [f"q{i}" for i in range(n)], "language": language, "score": score}
            ).assign(task=task, **columns)
        )
    return make_scored(pd.concat(parts, ignore_index=True), source="made")


def rules(*given: dict[str, Any], **settings: Any) -> Policy:
    named = [{"name": f"r{i}", "languages": "all", **one} for i, one in enumerate(given)]
    return Policy.model_validate({"rules": named, **settings})


BASE = {"sw": 0, "te": 0, "fr": 0}


def test_one_loss_under_a_rising_mean_is_no_go() -> None:
    new = system({"sw": 60, "te": -80, "fr": -80})
    decision = decide(system(BASE), new, rules({"largest_loss": 0.02}))
    assert decision.comparison.rows.iloc[0]["harm"] < 0, "the mean rises"
    assert (decision.answer, decision.exit_code) == ("NO-GO", 1)
    assert [one.language for one in decision.of("fail")] == ["swa-Latn"]
    assert decision.comparison.notices[0].startswith("Gate: NO-GO")


def test_the_same_answers_are_go() -> None:
    decision = decide(system(BASE), system(BASE), rules({"largest_loss": 0.02}))
    assert (decision.answer, decision.exit_code) == ("GO", 0)


@pytest.mark.parametrize(
    ("tier", "answer", "code"),
    [("critical", "INCONCLUSIVE", 3), ("supporting", "GO", 0), ("advisory", "GO", 0)],
)
def test_an_underpowered_cell_is_no_pass(tier: str, answer: str, code: int) -> None:
    sides = (system(one, n=60) for one in (BASE, {**BASE, "sw": 2}))
    decision = decide(*sides, rules({"largest_loss": 0.001, "tier": tier}))
    assert decision.of("open")
    assert (decision.answer, decision.exit_code) == (answer, code)


@pytest.mark.parametrize("tier", ["supporting", "advisory"])
def test_a_loss_under_a_lower_tier(tier: str) -> None:
    new = system({**BASE, "sw": 90})
    decision = decide(system(BASE), new, rules({"largest_loss": 0.02, "tier": tier}))
    assert len(decision.of("fail")) == 1
    assert decision.answer == ("NO-GO" if tier == "supporting" else "GO")


def test_few_examples_are_never_a_pass() -> None:
    """Equal scores of ten examples say nothing, whatever their interval."""
    few = system({"sw": 0}, n=10)
    assert decide(few, few, rules({"largest_loss": 0.5})).answer == "INCONCLUSIVE"
    assert decide(few, few, rules({"largest_loss": 0.9}, least_examples=5)).answer == "GO"


def test_a_loss_within_the_limit_passes_and_one_that_may_exceed_it_is_open() -> None:
    base, new = system(BASE), system({**BASE, "sw": 20})
    assert decide(base, new, rules({"largest_loss": 0.05})).answer == "GO"
    near = decide(base, new, rules({"largest_loss": 0.021}))
    assert near.answer == "INCONCLUSIVE"
    assert "perhaps by more" in near.of("open")[0].reason
    assert decide(base, new, rules({"largest_loss": 0.005})).answer == "NO-GO"


def test_required_power_opens_what_was_not_found() -> None:
    rng = np.random.default_rng(0)
    names = [f"q{i}" for i in range(400)]
    table = pd.DataFrame({"example": names, "language": "sw", "score": rng.random(400)})
    other = table.assign(score=table["score"] + rng.normal(0.003, 0.2, 400))
    sides = (make_scored(one, source="made") for one in (table, other))
    base, new = sides
    limit = {"largest_loss": 0.03, "required_power": 0.999}
    assert decide(base, new, rules(limit)).findings[0].row["power"] < 0.999
    first = decide(base, new, rules({**limit, "largest_loss": 0.001}))
    assert first.answer == "INCONCLUSIVE"


def test_groups_and_rules_of_a_language() -> None:
    new = system({**BASE, "sw": 90})
    policy = rules({"largest_loss": 0.02, "languages": ("high",)}, groups={"high": ["fr", "te"]})
    assert decide(system(BASE), new, policy).answer == "GO"


def test_share_of_languages_hurt() -> None:
    new = system({"sw": 90, "te": 0, "fr": 0})
    assert decide(system(BASE), new, rules({"share_hurt": 0.4})).answer == "GO"
    found = decide(system(BASE), new, rules({"share_hurt": 0.3}))
    assert found.answer == "NO-GO"
    assert found.findings[0].cell == "all"


def _two_tasks(lost: int, gained: int) -> Scored:
    parts = [system({"sw": lost}, task="xnli"), system({"sw": -gained}, task="qa")]
    frame = pd.concat([one.frame for one in parts], ignore_index=True)
    return make_scored(
        frame[["example", "language", "task"]].assign(score=frame["count_0"].astype(int)),
        source="made",
    )


def test_a_task_is_asked_by_itself_and_the_language_as_a_mean() -> None:
    base, new = _two_tasks(0, 0), _two_tasks(90, 100)
    assert decide(base, new, rules({"worst_language": 0.02})).answer == "GO"
    found = decide(base, new, rules({"largest_loss": 0.02}))
    assert [(one.task, one.outcome) for one in found.of("fail")] == [("xnli", "fail")]
    assert decide(base, new, rules({"largest_loss": 0.02, "tasks": ("q*",)})).answer == "GO"
    with pytest.raises(InputError, match="Did you mean `xnli`"):
        decide(base, new, rules({"largest_loss": 0.02, "tasks": ("xnlli",)}))


def test_a_label_is_asked_by_itself() -> None:
    def labelled(lost: int) -> Scored:
        tables = [
            one.frame[["example", "language", "label"]].assign(score=one.frame["count_0"])
            for one in (system({"sw": lost}, label="PER"), system({"sw": 0}, label="LOC"))
        ]
        return make_scored(pd.concat(tables, ignore_index=True), source="made")

    asked = rules({"largest_loss": 0.02, "labels": ("PER",)})
    assert decide(labelled(0), labelled(60), asked).of("fail")[0].label == "PER"
    asked = rules({"largest_loss": 0.02, "labels": ("LOC",)})
    assert decide(labelled(0), labelled(60), asked).answer == "GO"


def test_a_language_of_one_side_is_open_and_one_of_no_side_is_refused() -> None:
    new = system({"sw": 0, "te": 0})
    found = decide(system(BASE), new, rules({"largest_loss": 0.02}))
    assert found.answer == "INCONCLUSIVE"
    assert [one.language for one in found.of("open")] == ["fra-Latn"]
    with pytest.raises(InputError, match="none of deu-Latn on either side"):
        decide(system(BASE), new, rules({"largest_loss": 0.02, "languages": ("de",)}))


def test_examples_that_new_leaves_out_do_not_pass() -> None:
    """Whoever answers only what it can answer has not passed."""
    base, new = system({"sw": 0}), system({"sw": 0})
    kept = new.frame.iloc[250:]
    part = Scored(kept.reset_index(drop=True), source="made")
    found = decide(base, part, rules({"largest_loss": 0.02}))
    assert found.answer == "INCONCLUSIVE"
    assert "75 %" in found.findings[0].reason
    assert decide(base, part, rules({"largest_loss": 0.02}, least_paired=0.7)).answer == "GO"
