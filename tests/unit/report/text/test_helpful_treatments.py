from isogloss.report.study_files import StudyFiles
from isogloss.report.text.helpful_treatments import helpful_treatments
from unit.report.finetuning_study import average, finetuning_study


def test_who_is_better_than_what(study: StudyFiles) -> None:
    rows = [
        average("pcgrad", "untreated", "within_language", 0.03, "BETTER"),
        average("pcgrad", "temperature", "within_language", 0.02, "BETTER"),
        average("lookahead", "untreated", "within_language", 0.05, "BETTER"),
        average("lookahead", "temperature", "within_language", 0.0, "INCONCLUSIVE"),
        average("fish", "untreated", "within_language", -0.04, "WORSE"),
        average("pcgrad", "untreated", "zero_shot", 0.001, "INCONCLUSIVE"),
    ]
    within, zero_shot = helpful_treatments(finetuning_study(study, rows))
    assert within == (
        "Within language, mean of 2 languages: lookahead (+5.0, +4.0 to +6.0) and pcgrad (+3.0, "
        "+2.0 to +4.0) are better than untreated, and pcgrad better than the tuned temperature; "
        "fish (−4.0, −5.0 to −3.0) is worse than untreated."
    )
    assert zero_shot == (
        "Zero-shot, mean of 2 languages: no treatment is better than untreated; every test could "
        "have seen 1.5 points of entity F1."
    )


def test_without_averages_nothing_is_said(study: StudyFiles) -> None:
    assert helpful_treatments(study) == []
