import dataclasses

import pandas as pd
import pytest

from isogloss.report.study_files import StudyFiles
from isogloss.report.text.what_to_do import what_to_do

NAMES = [{"code": code, "name": name} for code, name in (("a", "Alpha"), ("b", "Beta"))]


def side(language: str, match: str, verdict: str, **more: object) -> dict[str, object]:
    return {
        "treatment": "untreated",
        "mixture": "a+b",
        "match": match,
        "task": "ner",
        "metric": "entity_f1",
        "setting": "within_language",
        "language": language,
        "verdict": verdict,
        "n_seeds": 3,
        **more,
    }


def advice(study: StudyFiles, *rows: dict[str, object], **tables: pd.DataFrame) -> str:
    found = {"verdicts": pd.DataFrame(rows), **tables}
    return what_to_do(dataclasses.replace(study, about={"languages": NAMES}, tables=found))


def both(language: str, first: str, second: str, **more: object) -> list[dict[str, object]]:
    pairs = (("language", first), ("total", second))
    return [side(language, match, verdict, **more) for match, verdict in pairs]


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("HURT", "HURT"), "Train Alpha apart."),
        (
            ("INCONCLUSIVE", "HURT"),
            "Train Alpha apart, unless one model for all is worth the compute.",
        ),
        (
            ("HELPED", "HURT"),
            "Train Alpha with the others where text is scarce, apart where compute is.",
        ),
        (("HELPED", "HELPED"), "Train Alpha together with the others."),
        (("INCONCLUSIVE", "INCONCLUSIVE"), "Train Alpha together or apart, as is convenient."),
    ],
)
def test_each_diagnosis_has_its_advice(
    study: StudyFiles, pair: tuple[str, str], expected: str
) -> None:
    assert advice(study, *both("a", *pair)) == expected


def test_what_is_open_is_told_with_the_number_of_seeds(study: StudyFiles) -> None:
    rows = [*both("a", "HURT", "HURT"), *both("b", "UNDERPOWERED", "INCONCLUSIVE", seeds_needed=8)]
    assert advice(study, *rows) == (
        "Train Alpha apart; to decide Beta, run 5 more seeds (8 in all, from the variance of this "
        "study)."
    )


def test_a_harm_with_the_same_compute_is_advice_before_all_is_decided(study: StudyFiles) -> None:
    rows = both("a", "UNDERPOWERED", "HURT", seeds_needed=6)
    assert advice(study, *rows) == (
        "Where compute is the limit, train Alpha apart; to decide, run 3 more seeds (6 in all, "
        "from the variance of this study)."
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (both("a", "HURT", "HURT", n_seeds=1), "run at least 3 seeds"),
        ([side("a", "language", "HURT")], "compare under both budgets"),
        (both("a", "HURT", "HELPED"), "look at the learning curves"),
        (both("a", "HURT", "HURT", plateau=True), "train longer"),
        (both("a", "UNDECIDED", "HURT", destroyed=True), "lower the learning rate"),
        (both("a", "UNDERPOWERED", "HELPED"), "add seeds or test examples"),
        (both("a", "UNDERPOWERED", "HELPED", seeds_needed=float("inf")), "add test examples"),
        (both("a", "UNDERPOWERED", "HELPED", seeds_needed=8064), "no affordable number of seeds"),
    ],
)
def test_each_reason_has_its_remedy(
    study: StudyFiles, rows: list[dict[str, object]], words: str
) -> None:
    assert words in advice(study, *rows)


def test_a_treatment_that_has_earned_its_cost_is_named(study: StudyFiles) -> None:
    gain = {
        "treatment": "adapters",
        "reference": "temperature",
        "metric": "entity_f1",
        "setting": "within_language",
        "verdict": "BETTER",
        "gain": 0.03,
        "reference_value": 0.6,
        "n_seeds": 3,
    }
    far = {**gain, "setting": "zero_shot", "verdict": "INCONCLUSIVE"}
    said = advice(study, *both("a", "HURT", "HURT"), comparisons=pd.DataFrame([gain, far]))
    assert said == (
        "Train Alpha apart; or, for one model, use adapters, which has earned its cost."
    )


def test_one_sentence_for_a_whole_study(study: StudyFiles, bare: StudyFiles) -> None:
    said = what_to_do(study)
    assert said.endswith(".")
    assert said.count(".") == 1
    assert what_to_do(bare) == ""
