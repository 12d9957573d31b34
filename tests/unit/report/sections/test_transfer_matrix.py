import dataclasses

import pandas as pd
import pytest

from isogloss.report.sections import transfer_matrix
from isogloss.report.study_files import NotMeasured, StudyFiles
from unit.report.finetuning_study import finetuning_study


def test_axes_are_source_then_target(study: StudyFiles) -> None:
    table = transfer_matrix.frame(study)
    raw = study.table("verdicts")
    chosen = raw[
        (raw["treatment"] == "untreated")
        & (raw["setting"] == "zero_shot")
        & (raw["task"] == "ner")
        & (raw["source_language"] == "swa-Latn")
        & (raw["language"] == "eng-Latn")
    ]
    cell = table[
        (table["treatment"] == "untreated")
        & (table["task"] == "ner")
        & (table["source"] == "swa-Latn")
        & (table["target"] == "eng-Latn")
    ]
    assert cell["value"].tolist() == chosen["multilingual"].tolist()


def test_the_diagonal_is_within_language(study: StudyFiles) -> None:
    table = transfer_matrix.frame(study)
    diagonal = table[table["source"] == table["target"]]
    assert set(diagonal["setting"]) == {"within_language"}
    english = diagonal[diagonal["source"] == "eng-Latn"]
    assert set(english["n_mixtures"]) == {2}


def test_one_matrix_a_treatment(study: StudyFiles) -> None:
    exhibits = transfer_matrix.build(study)["exhibits"]
    assert len(exhibits) == 2
    assert len(exhibits[0].figures) == 3


def test_joint_fine_tunings_have_no_single_source(study: StudyFiles) -> None:
    """The matrix is then that of the models of one language, which were tested on all."""
    made = finetuning_study(study, [])
    with pytest.raises(NotMeasured, match="on one language alone"):
        tables = {**made.tables, "records": study.table("records").head(0)}
        transfer_matrix.frame(dataclasses.replace(made, tables=tables))
    rows = [
        {"run_id": f"r{seed}", "treatment": "monolingual", "stage": "finetune", "match": "language",
         "task": "ner", "metric": "entity_f1", "setting": setting, "source_language": "eng-Latn",
         "target_language": target, "value": 0.4 + 0.1 * seed}
        for seed in (0, 1)
        for setting, target in (("within_language", "eng-Latn"), ("zero_shot", "swa-Latn"))
    ]  # fmt: skip
    tables = {**made.tables, "records": pd.DataFrame(rows)}
    table = transfer_matrix.frame(dataclasses.replace(made, tables=tables))
    assert table["value"].to_numpy() == pytest.approx([0.45, 0.45])
    assert list(table["target"]) == ["eng-Latn", "swa-Latn"]


def test_no_zero_shot(study: StudyFiles) -> None:
    table = study.table("verdicts")
    within = table[table["setting"] == "within_language"]
    lone = StudyFiles(study.folder, {}, (), {"verdicts": within}, study.curves, "")
    with pytest.raises(NotMeasured, match="without labelled data"):
        transfer_matrix.frame(lone)
