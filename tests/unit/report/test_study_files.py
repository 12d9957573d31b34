import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import InputError
from isogloss.report.render import page
from isogloss.report.study_files import (
    NotMeasured,
    StudyFiles,
    asks_for_tasks,
    asks_for_treatments,
    number,
    read_study,
)
from toy_study import write_toy_study


def test_reads_all_tables(study: StudyFiles) -> None:
    assert set(study.tables) == {
        *("verdicts", "diagnoses", "comparisons", "confounds", "records", "parameters")
    }
    assert study.missing == {}
    assert study.text("name") == "toy"
    assert len(study.curves) > 100


def test_refuses_a_folder_that_is_no_study(tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("sun")
    with pytest.raises(InputError) as caught:
        read_study(tmp_path)
    assert "isogloss run --out" in str(caught.value)


def test_a_missing_table_has_its_reason(tmp_path: Path) -> None:
    study = read_study(write_toy_study(tmp_path / "s", without=("verdicts.csv",)))
    with pytest.raises(NotMeasured, match=r"verdicts\.csv is not in the study folder"):
        study.table("verdicts")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    table = pd.read_csv(folder / "verdicts.csv").drop(columns=["verdict", "metric"])
    table.to_csv(folder / "verdicts.csv", index=False)
    with pytest.raises(InputError, match="lacks the columns metric, verdict"):
        read_study(folder)


def test_optional_columns_become_nan(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    table = pd.read_csv(folder / "verdicts.csv").drop(columns=["mde", "note", "n_seeds"])
    table.to_csv(folder / "verdicts.csv", index=False)
    verdicts = read_study(folder).table("verdicts")
    assert verdicts["mde"].isna().all()
    assert (verdicts["note"] == "").all()


def test_a_table_without_rows_is_said(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    (folder / "verdicts.csv").write_text("treatment,mixture,metric,setting,language,verdict\n")
    with pytest.raises(NotMeasured, match="no row"):
        read_study(folder).table("verdicts")


def damaged_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("name", ["verdicts.csv", "records.csv", "study.json", "notes.json"])
@pytest.mark.parametrize("damage", [damaged_half, lambda _: b"", lambda _: b"\x00\xff{", None])
@pytest.mark.parametrize("noted", [True, False])
def test_damage_is_refused_and_the_file_named(
    name: str, damage: Callable[[bytes], bytes] | None, noted: bool, tmp_path: Path
) -> None:
    folder = write_toy_study(tmp_path / "s")
    if noted:
        about = json.loads((folder / "study.json").read_text())
        files = [path for path in folder.glob("*") if path.is_file() and path.stem != "study"]
        digests = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}
        (folder / "study.json").write_text(json.dumps({**about, "files": digests}))
    read_study(folder)
    path = folder / name
    whole_lines = name.endswith("csv") and damage is damaged_half
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage(path.read_bytes()))
    if (not noted and (damage is None or whole_lines)) or (damage is None and name == "study.json"):
        return  # a study of before, whose files nobody noted; or the notes themselves are gone
    with pytest.raises(InputError, match="written anew from its runs") as refused:
        read_study(folder)
    assert refused.value.where == str(path)


def test_a_table_that_most_studies_have_no_rows_for_is_not_missed(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    head = "treatment,mixture,reference_mixture,metric,setting,gain\n"
    for text in ("\n", head):
        (folder / "mixtures.csv").write_text(text)
        study = read_study(folder)
        assert study.missing == {}
        assert "mixtures" not in study.tables
    (folder / "mixtures.csv").write_text(f"{head}untreated,a+b+c,a+b,accuracy,zero_shot,0.5\n")
    [row] = read_study(folder).table("mixtures").to_dict("records")
    assert (row["reference_mixture"], row["gain"], row["language"]) == ("a+b", 0.5, "")


def test_why_no_parameters_were_counted(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    (folder / "parameters.csv").write_text("treatment,mixture,language,shared,language_specific\n")
    with pytest.raises(NotMeasured, match="made before parameters were counted"):
        read_study(folder).table("parameters")


def test_signals_of_meta_learning(study: StudyFiles, paper_study: StudyFiles) -> None:
    assert study.signals.empty
    assert set(paper_study.signals["treatment"]) == {"meta_adapters"}


def test_notes_are_read_whatever_they_hold(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    (folder / "notes.json").write_text(json.dumps(["plain text", {"text": "no level"}]))
    study = read_study(folder)
    assert [note["level"] for note in study.notes] == ["note", "note"]


def test_names_that_look_like_nothing_stay_names(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    text = (folder / "verdicts.csv").read_text().replace("untreated", "NA")
    (folder / "verdicts.csv").write_text(text)
    assert "NA" in set(read_study(folder).table("verdicts")["treatment"])


def test_records_are_read_from_parquet_too(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "s")
    pd.read_csv(folder / "records.csv").to_parquet(folder / "records.parquet")
    (folder / "records.csv").unlink()
    assert len(read_study(folder).table("records")) > 10


def test_number() -> None:
    assert number(2) == 2.0
    assert number(None) != number(None)


AUDIT = [{"name": one, "label": one} for one in ("monolingual", "untreated")]


def audit_of_loss(study: StudyFiles) -> StudyFiles:
    """The study of someone who asked whether languages hurt one another, on loss alone."""
    tables = {
        name: table[table["task"] == "masked_lm"] if "task" in table else table
        for name, table in study.tables.items()
        if name not in ("comparisons", "diagnoses")
    }
    about = {**study.about, "treatments": AUDIT, "citations": []}
    return dataclasses.replace(study, about=about, tables=tables)


def test_what_a_study_asked_for(study: StudyFiles) -> None:
    assert asks_for_tasks(study)
    assert asks_for_treatments(study)
    lone = audit_of_loss(study)
    assert not asks_for_tasks(lone)
    assert not asks_for_treatments(lone)
    assert asks_for_treatments(dataclasses.replace(lone, about={})), "nothing says it did not"


def test_sections_that_nobody_asked_for_are_absent(study: StudyFiles) -> None:
    html = page(audit_of_loss(study))
    for anchor in ("treatments", "trade-off", "transfer-matrix", "citations"):
        assert f'id="{anchor}"' not in html
    assert "Not measured:" not in html
    assert 'id="verdicts"' in html
