"""A study's numbers by who learned with whom."""

import math
from pathlib import Path

import pandas as pd
import pytest

from isogloss.report.our_differences import Difference, OurNumbers
from isogloss.report.study_files import NotMeasured, StudyFiles

EN, TE, KN = "eng-Latn", "tel-Telu", "kan-Knda"
PAIR, TRIPLE = frozenset({EN, TE}), frozenset({EN, TE, KN})
WITHIN, ZERO = ("ner", "entity_f1", "within_language"), ("ner", "entity_f1", "zero_shot")


def made(**tables: list[dict[str, object]]) -> StudyFiles:
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return StudyFiles(Path("study"), {}, (), frames, pd.DataFrame(), "")


def verdict(**changes: object) -> dict[str, object]:
    plain = {
        **dict(zip(("task", "metric", "setting"), WITHIN, strict=True)),
        "treatment": "untreated",
        "mixture": f"{EN}+{TE}",
        "match": "language",
        "source_language": TE,
        "language": TE,
        "monolingual": 0.6,
        "multilingual": 0.5,
        "interference": 0.1,
        "ci_low": 0.04,
        "ci_high": 0.16,
    }
    return {**plain, **changes}


def gain(**changes: object) -> dict[str, object]:
    plain = verdict(treatment="language_ffn", gain=0.03, ci_low=0.01, ci_high=0.05)
    return {"reference": "untreated", **plain, **changes}


def test_interference_is_turned_into_joint_minus_alone() -> None:
    ours = OurNumbers(
        made(verdicts=[verdict(), verdict(match="total", interference=-0.2)]), pivot=EN
    )
    place = (("untreated", PAIR), ("monolingual", frozenset({TE})))
    found = ours.difference(*place, "language", WITHIN, TE)
    assert found == Difference(-0.1, -0.16, -0.04)
    total = ours.difference(*place, "total", WITHIN, TE)
    assert total is not None
    assert total.value == 0.2


def test_a_treatment_against_another_one() -> None:
    ours = OurNumbers(made(verdicts=[verdict()], comparisons=[gain()]), pivot=EN)
    teams = (("language_ffn", PAIR), ("untreated", PAIR))
    assert ours.difference(*teams, "", WITHIN, TE) == Difference(0.03, 0.01, 0.05)
    assert ours.difference(*teams, "", ZERO, TE) is None
    assert ours.difference(("shared_adapter", PAIR), teams[1], "", WITHIN, TE) is None
    assert ours.difference(("language_ffn", TRIPLE), ("untreated", TRIPLE), "", WITHIN, TE) is None


def test_a_mixture_against_a_smaller_one() -> None:
    wider = gain(treatment="untreated", mixture=f"{TE}+{EN}+{KN}", reference_mixture=f"{EN}+{TE}")
    ours = OurNumbers(made(verdicts=[verdict()], mixtures=[wider]), pivot=EN)
    teams = (("untreated", TRIPLE), ("untreated", PAIR))
    assert ours.difference(*teams, "", WITHIN, TE) == Difference(0.03, 0.01, 0.05)
    assert ours.difference(teams[1], teams[0], "", WITHIN, TE) is None


def test_scores_of_joint_and_of_single_models() -> None:
    zero = verdict(setting="zero_shot", source_language=EN, multilingual=0.2, monolingual=math.nan)
    rows = [verdict(), verdict(match="total", monolingual=0.7), zero]
    ours = OurNumbers(made(verdicts=rows), pivot=EN)
    assert ours.score(("untreated", PAIR), "", WITHIN, TE) == 0.5
    assert ours.score(("untreated", PAIR), "", ZERO, TE) == 0.2
    assert ours.score(("monolingual", frozenset({TE})), "total", WITHIN, TE) == 0.7
    assert math.isnan(ours.score(("monolingual", frozenset({TE})), "total", ZERO, TE))
    assert math.isnan(ours.score(("untreated", TRIPLE), "", WITHIN, TE))


def test_zero_shot_starts_from_the_pivot_only() -> None:
    other = verdict(setting="zero_shot", source_language=KN, multilingual=0.2)
    ours = OurNumbers(made(verdicts=[other]), pivot=EN)
    assert math.isnan(ours.score(("untreated", PAIR), "", ZERO, TE))


def test_partners_are_those_of_pairs_with_the_pivot() -> None:
    mixtures = (f"{EN}+{TE}", f"{KN}+{TE}", f"{EN}+{TE}+{KN}", f"ara-Arab+{EN}")
    ours = OurNumbers(made(verdicts=[verdict(mixture=one) for one in mixtures]), pivot=EN)
    assert ours.partners == (TE, "ara-Arab")
    assert ours.matches == ("language",)
    assert ours.tasks == {WITHIN[:2]}


def test_a_refused_comparison_is_no_difference() -> None:
    row = verdict(interference=math.nan, ci_low=math.nan, ci_high=math.nan)
    ours = OurNumbers(made(verdicts=[row]), pivot=EN)
    teams = (("untreated", PAIR), ("monolingual", frozenset({TE})))
    assert ours.difference(*teams, "language", WITHIN, TE) is None


def test_no_verdicts() -> None:
    with pytest.raises(NotMeasured):
        OurNumbers(made(), pivot=EN)
