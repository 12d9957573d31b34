from isogloss.report.sections import method
from isogloss.report.study_files import StudyFiles


def test_metrics_of_the_study_with_their_direction(study: StudyFiles) -> None:
    table = method.frame(study).set_index("metric")
    assert table.loc["bits_per_byte", "better"] == "lower"
    assert set(table.index) == {"bits_per_byte", "entity_f1", "pos_accuracy"}


def test_words_are_explained(study: StudyFiles, bare: StudyFiles) -> None:
    built = method.build(study)
    assert str(built["paragraph"]).startswith("Every model is the same encoder")
    assert "Positive: learning together hurt" in dict(built["words"])["Interference"]
    assert method.build(bare)["paragraph"] == ""
