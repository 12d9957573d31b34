import dataclasses

import pandas as pd
import pytest

from isogloss.report.study_files import StudyFiles
from isogloss.report.text.earned import merit_in_words, merits

NER, LOSS = ("entity_f1", "bits_per_byte")


def row(
    verdict: str,
    setting: str = "within_language",
    *,
    metric: str = NER,
    treatment: str = "adapters",
    reference: str = "temperature",
    gain: float = 0.02,
) -> dict[str, object]:
    return {
        "treatment": treatment,
        "reference": reference,
        "metric": metric,
        "setting": setting,
        "verdict": verdict,
        "gain": gain,
        "reference_value": 0.5,
        "n_seeds": 3,
    }


def study_of(study: StudyFiles, *rows: dict[str, object], passes: float = 100.0) -> StudyFiles:
    records = pd.DataFrame(
        [
            {"run_id": name, "treatment": name, "stage": "pretrain", "passes": count}
            for name, count in (("temperature", 100.0), ("adapters", passes))
        ]
    )
    tables = {"comparisons": pd.DataFrame(rows), "records": records}
    return dataclasses.replace(study, tables=tables)


GOOD = [
    row("BETTER"),
    row("INCONCLUSIVE", "zero_shot"),
    row("INCONCLUSIVE", metric=LOSS),
]


def test_better_within_and_worse_nowhere_has_earned_its_cost(study: StudyFiles) -> None:
    (found,) = merits(study_of(study, *GOOD))
    assert found.earned
    assert (found.better, found.n_within) == (1, 1)
    assert merit_in_words([found]) == (
        "Adapters has earned its cost: at equal compute and against the tuned temperature it is "
        "better in 1 of 1 comparison within language, and worse in none, neither zero-shot nor on "
        "loss."
    )


def test_a_zero_shot_loss_that_could_have_been_missed_is_admitted(study: StudyFiles) -> None:
    rows = [row("BETTER"), row("UNDERPOWERED", "zero_shot"), row("INCONCLUSIVE", "zero_shot")]
    assert "1 of 2 zero-shot comparisons are underpowered" in merit_in_words(
        merits(study_of(study, *rows))
    )
    (found,) = merits(study_of(study, rows[0]))
    assert found.against == ("zero-shot was not measured",), "not worse is not the same as not seen"


@pytest.mark.parametrize(
    ("more", "passes", "objection"),
    [
        (row("WORSE", metric=LOSS), 100.0, "worse on masked-LM loss in 1 of 2"),
        (row("WORSE", "zero_shot"), 100.0, "worse zero-shot in 1 of 2"),
        (row("WORSE"), 100.0, "worse within language in 1 of 2"),
        (row("BETTER"), 190.0, "takes 1.9 times the compute"),
        ({**row("BETTER"), "n_seeds": 1}, 100.0, "rests on one seed"),
    ],
)
def test_what_speaks_against_it(
    study: StudyFiles, more: dict[str, object], passes: float, objection: str
) -> None:
    (found,) = merits(study_of(study, *GOOD, more, passes=passes))
    assert not found.earned
    assert found.against == (objection,)
    assert objection in merit_in_words([found])
    assert merit_in_words([found]).startswith("No treatment has earned its cost.")


def test_a_gain_on_loss_alone_earns_nothing_where_tasks_were_tested(study: StudyFiles) -> None:
    rows = [row("INCONCLUSIVE"), row("BETTER", "zero_shot"), row("BETTER", metric=LOSS)]
    (found,) = merits(study_of(study, *rows))
    assert "no gain within language is significant" in found.against


def test_without_a_tuned_temperature_none_can(study: StudyFiles) -> None:
    rows = [{**one, "reference": "untreated"} for one in GOOD]
    (found,) = merits(study_of(study, *rows))
    assert found.against == ("no temperature was tuned to compare with",)


def test_the_best_is_picked_on_all_evidence_not_on_points(study: StudyFiles) -> None:
    """The larger gain on tasks is worse on every row of masked-LM loss."""
    rows = [
        *GOOD,
        row("BETTER", treatment="large", gain=0.2),
        row("WORSE", treatment="large", metric=LOSS),
    ]
    assert [one.treatment for one in merits(study_of(study, *rows))] == ["adapters", "large"]


def test_no_comparison_no_merit(bare: StudyFiles) -> None:
    assert merits(bare) == []
    assert merit_in_words([]) == ""
