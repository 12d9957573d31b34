from dataclasses import replace

from isogloss.report.study_files import StudyFiles
from isogloss.report.text.cautions import cautions, is_false, remarks


def test_quiet_where_all_is_well(study: StudyFiles) -> None:
    assert cautions(study) == []
    assert remarks(study) == ["The temperature was chosen on one seed by dev score."]


def test_one_seed_and_plateau_are_loud(one_seed: StudyFiles) -> None:
    texts = [caution.text for caution in cautions(one_seed)]
    assert texts[0].startswith("One seed.")
    assert texts[1].startswith("Plateau not left. In 3 runs")


def test_refusals_come_first_and_nothing_is_said_twice(one_seed: StudyFiles) -> None:
    notes = (
        {"level": "warning", "text": "Only one seed was run."},
        {"level": "refusal", "text": "Budgets differ."},
    )
    found = cautions(replace(one_seed, notes=notes))
    assert [caution.level for caution in found] == ["refusal", "warning", "warning"]
    assert sum("seed" in caution.text for caution in found) == 1


def test_many_refusals_are_one_box(study: StudyFiles) -> None:
    notes = tuple({"level": "refusal", "text": f"swa-Latn, {n}"} for n in range(13))
    [box] = cautions(replace(study, notes=notes))
    assert box.title == "13 comparisons refused"
    assert box.items[2] == "Swahili, 2"
    [one] = cautions(replace(study, notes=notes[:1]))
    assert (one.title, one.text, one.items) == ("Comparison refused", "Swahili, 0", ())


def test_a_bare_study_warns_of_nothing(bare: StudyFiles) -> None:
    assert cautions(bare) == []


def test_false_in_a_file() -> None:
    assert is_false(False)
    assert is_false("False")
    assert not is_false(True)
    assert not is_false(float("nan"))
    assert not is_false(None)
