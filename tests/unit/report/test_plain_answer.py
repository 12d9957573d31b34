import dataclasses

import pandas as pd
import pytest

from isogloss.report import plain_answer
from isogloss.report.sections import answer
from isogloss.report.study_files import StudyFiles

NAMES = {"a": "Alpha", "b": "Beta (new)"}


def row(language: str, verdict: str, interference: float = 0.04, **more: object) -> dict:
    return {
        "mixture": "a+b",
        "match": "language",
        "metric": "entity_f1",
        "language": language,
        "verdict": verdict,
        "interference": interference,
        "ci_low": interference - 0.01,
        "ci_high": interference + 0.01,
        "mde": 0.013,
        "n_seeds": 3,
        "n_examples": 500,
        "flip": "",
        **more,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("a", "HURT"), row("b", "INCONCLUSIVE")], "Learning together hurts Alpha."),
        (
            [row("a", "HURT"), row("b", "HELPED", -0.02)],
            "Learning together hurts Alpha and helps Beta (new).",
        ),
        (
            [row("a", "HURT"), row("a", "HELPED", -0.02)],
            "Learning together hurts and helps Alpha, depending on the task or the partner.",
        ),
        (
            [row("a", "INCONCLUSIVE"), row("b", "INCONCLUSIVE", mde=0.021)],
            "No interference found. The test could have seen 2.1 points of entity F1.",
        ),
        (
            [row("a", "UNDERPOWERED")],
            "This study is too small to tell whether learning together hurts.",
        ),
    ],
)
def test_headline(rows: list[dict], expected: str) -> None:
    assert plain_answer.headline(pd.DataFrame(rows), NAMES) == expected


def test_effects_are_sizes_with_intervals() -> None:
    rows = [row("a", "HURT"), row("b", "HELPED", -0.02)]
    assert plain_answer.effects(pd.DataFrame(rows), NAMES) == [
        "Alpha, trained with Beta (new), loses 4.0 points of entity F1 (3.0 to 5.0).",
        "Beta (new), trained with Alpha, gains 2.0 points of entity F1 (1.0 to 3.0).",
    ]


def test_bits_are_needed_not_lost() -> None:
    rows = [row("a", "HURT", 0.106, metric="bits_per_byte")]
    said = plain_answer.effects(pd.DataFrame(rows), NAMES)
    assert said == [
        "Alpha, trained with Beta (new), needs 0.106 bits per byte more (0.096 to 0.116)."
    ]


def test_an_unknown_power_is_admitted() -> None:
    rows = [row("a", "INCONCLUSIVE", mde=float("nan"))]
    assert "does not say how small" in plain_answer.headline(pd.DataFrame(rows), NAMES)


def test_certainty_tells_seeds_and_flips(study: StudyFiles) -> None:
    said = " ".join(plain_answer.certainty(answer.frame(study)))
    assert "3 seeds and 480 to 1,200 test examples" in said
    assert "8 of 12 verdicts change" in said


def test_the_best_treatment_is_told_with_its_price(study: StudyFiles, bare: StudyFiles) -> None:
    said = plain_answer.best_treatment(study)
    assert "against the tuned temperature" in said.lower()
    assert "language adapters" in said
    assert "zero-shot \u2212" in said
    assert plain_answer.best_treatment(bare) == ""


def test_a_mean_gain_is_told_with_how_much_of_it_is_beyond_doubt(study: StudyFiles) -> None:
    """One better of two within the language; zero-shot one worse of three, and none better."""
    within = ["BETTER", "UNDERPOWERED"]
    zero_shot = ["WORSE", "INCONCLUSIVE", "INCONCLUSIVE"]
    settings = ["within_language"] * 2 + ["zero_shot"] * 3
    table = pd.DataFrame(
        {
            "treatment": "language_adapters",
            "reference": "untreated",
            "metric": "entity_f1",
            "setting": settings,
            "gain": [0.03, 0.01, -0.05, 0.01, 0.01],
            "verdict": within + zero_shot,
        }
    )
    changed = dataclasses.replace(study, tables={**study.tables, "comparisons": table})
    assert plain_answer.best_treatment(changed) == (
        "Against no treatment, the best treatment within language is language adapters: on average "
        "+2.0 points (better beyond doubt in 1 of 2 comparisons); zero-shot \u22121.0 points "
        "(better beyond doubt in 0 of 3 comparisons, worse in 1)."
    )
