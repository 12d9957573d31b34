import dataclasses

import pytest

from isogloss.report.sections import slow_weights
from isogloss.report.study_files import NotAsked, StudyFiles
from unit.report.finetuning_study import average, finetuning_study

SINGLE, WHOLE = "single_language_batches", "sequential_reptile"


def studied(study: StudyFiles, slow: str) -> StudyFiles:
    """Return a study where slow weights have one verdict and batches make no difference."""
    gain = {"BETTER": 0.03, "WORSE": -0.03, "INCONCLUSIVE": 0.0}[slow]
    rows = [
        row
        for setting in ("within_language", "zero_shot")
        for row in (
            average("lookahead", "untreated", setting, gain, slow),
            average(SINGLE, "untreated", setting, 0.001, "INCONCLUSIVE"),
            average(WHOLE, "untreated", setting, gain, slow),
            average(WHOLE, SINGLE, setting, gain, slow),
            average(WHOLE, "lookahead", setting, 0.002, "INCONCLUSIVE"),
        )
    ]
    return finetuning_study(study, rows)


def test_the_ingredient_that_makes_the_difference_is_named(study: StudyFiles) -> None:
    said = str(slow_weights.build(studied(study, "BETTER"))["statement"])
    assert "The slow outer update makes a difference (points: within language +3.0" in said
    assert "The single-language batch makes no difference that can be told" in said
    assert "+3.0 [+2.0, +4.0], better with mixed batches" in said


def test_no_difference_is_not_called_one(study: StudyFiles) -> None:
    said = str(slow_weights.build(studied(study, "INCONCLUSIVE"))["statement"])
    assert "makes a difference" not in said
    assert said.count("makes no difference that can be told") == 2


def test_another_pace_is_warned_of(study: StudyFiles) -> None:
    same = studied(study, "BETTER")
    assert "Caution" not in str(slow_weights.build(same)["statement"])
    options = {"lookahead": {"inner_steps": 5}, WHOLE: {"inner_steps": 10}}
    treatments = [
        {**one, "options": options.get(str(one["name"]), {})} for one in same.items("treatments")
    ]
    other = dataclasses.replace(same, about={**same.about, "treatments": treatments})
    assert "not that of the batches alone" in str(slow_weights.build(other)["statement"])


def test_each_way_to_train_has_a_line(study: StudyFiles) -> None:
    [exhibit] = slow_weights.build(studied(study, "WORSE"))["exhibits"]
    lines = {row[0]: row[1:] for row in exhibit.table.rows}
    assert list(lines) == [
        *("Usual joint fine-tuning", "Single-language batches", "Lookahead", "Sequential Reptile")
    ]
    assert lines["Usual joint fine-tuning"] == [
        *("mixed", "none", "40.0", "", "baseline", "40.0", "", "baseline")
    ]
    assert lines["Sequential Reptile"][:4] == [
        *("one language", "slow", "37.0", "−3.0 [−4.0, −2.0]")
    ]


def test_a_study_without_its_parts_has_no_such_section(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        slow_weights.frame(study)
    whole = studied(study, "BETTER")
    named = [{"label": WHOLE, "name": WHOLE}]
    lacking = dataclasses.replace(whole, about={**whole.about, "treatments": named})
    with pytest.raises(NotAsked):
        slow_weights.frame(lacking)
