from isogloss.report.study_files import StudyFiles
from isogloss.report.text.helpful_treatments import helpful_treatments, merits_of_parts
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


def test_what_a_treatment_gains_on_what_it_builds_on(study: StudyFiles) -> None:
    rows = [
        average("whole", "untreated", "within_language", 0.03, "BETTER"),
        average("whole", "part", "within_language", -0.02, "WORSE"),
        average("whole", "part", "zero_shot", 0.001, "INCONCLUSIVE"),
    ]
    assert merits_of_parts(finetuning_study(study, rows)) == [
        "Whole against part, which it builds on (Named entity recognition): within language "
        "−2.0, −3.0 to −1.0, worse; zero-shot +0.1, −0.9 to +1.1, inconclusive."
    ]
    assert merits_of_parts(study) == []
