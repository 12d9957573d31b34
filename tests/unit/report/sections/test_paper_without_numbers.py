import dataclasses

import pytest

from isogloss.report.sections import beside_the_paper, paper_without_numbers
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles
from unit.report.finetuning_study import average, finetuning_study

WHOLE = "sequential_reptile"
ROWS = [
    average(WHOLE, "untreated", "within_language", 0.03, "BETTER"),
    average(WHOLE, "lookahead", "within_language", 0.0, "INCONCLUSIVE"),
    average(WHOLE, "untreated", "zero_shot", -0.03, "WORSE"),
    average("pcgrad", "untreated", "zero_shot", 0.03, "BETTER"),
]


def test_the_paper_has_no_number_and_the_study_has(study: StudyFiles) -> None:
    built = paper_without_numbers.build(finetuning_study(study, ROWS))
    [exhibit] = built["exhibits"]
    assert len(exhibit.table.rows) == 3, "PCGrad is not the paper's"
    assert {row[3] for row in exhibit.table.rows} == {"not available"}
    assert exhibit.table.rows[0][:3] == ["Sequential Reptile", "untreated", "within language"]
    assert exhibit.table.rows[0][4:6] == ["+3.0", "[+2.0, +4.0]"]


def test_a_second_setting_keeps_its_label(study: StudyFiles) -> None:
    rows = [*ROWS, average("other_rate", "untreated", "zero_shot", 0.0, "INCONCLUSIVE")]
    made = finetuning_study(study, rows)
    named = [*made.items("treatments"), {"label": "other_rate", "name": WHOLE}]
    made = dataclasses.replace(made, about={**made.about, "treatments": named})
    models = paper_without_numbers.frame(made)["model"].tolist()
    assert models == ["Sequential Reptile"] * 3 + ["Sequential Reptile (other rate)"]


def test_the_claim_is_counted(study: StudyFiles) -> None:
    built = paper_without_numbers.build(finetuning_study(study, ROWS))
    assert built["statement"] == (
        "Within language, of 2 comparisons 1 agree with the claim, 0 contradict it, and 1 tell "
        "neither. Zero-shot, of 1 comparisons 0 agree with the claim, 1 contradict it, and 0 tell "
        "neither."
    )
    assert "better than all baselines" in str(built["lead"])


def test_papers_with_numbers_have_the_other_display(
    study: StudyFiles, paper_study: StudyFiles
) -> None:
    for one in (study, paper_study):
        with pytest.raises(NotAsked):
            paper_without_numbers.frame(one)
    with pytest.raises(NotAsked):
        beside_the_paper.frame(finetuning_study(study, ROWS))


def test_nothing_of_the_paper_was_run(study: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match="none of Sequential Reptile"):
        paper_without_numbers.frame(finetuning_study(study, ROWS[3:]))
    bare = finetuning_study(study, ROWS)
    with pytest.raises(NotMeasured, match="no treatment was compared"):
        paper_without_numbers.frame(dataclasses.replace(bare, tables={}))
