import json
from pathlib import Path

import pytest

from isogloss.cli import main


def test_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(place.rglob("*"))
    assert main(["plan", "study.yaml", "--data", "data", "--json", "--set", "tasks=[pos]"]) == 0
    content = json.loads(capsys.readouterr().out)
    # Two languages alone and together, each scored, and fine-tuned on each language it learned.
    assert content["cost"]["n_runs"] == len(content["runs"]) == 3 + 3 + 4
    assert content["cost"]["n_finished"] == 0
    assert content["cost"]["seconds"] > 0
    assert [run["stage"] for run in content["runs"]].count("pretrain") == 3
    assert sorted(place.rglob("*")) == before, "a plan writes nothing"


def test_notes_and_choices_are_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for split in ("train", "dev", "test"):
        (place / "data" / "pos" / f"qab.{split}.tsv").unlink()
    path = place / "data" / "ner" / "qaa.train.tsv"
    path.write_text("a\tI-PER\n\n" + path.read_text())
    treatments = "treatments=[monolingual, untreated, {temperature: {exponents: [0, 1]}}]"
    options = ["--set", "tasks=[pos, ner]", "--set", treatments]
    assert main(["plan", "study.yaml", "--data", "data", *options]) == 0
    shown = capsys.readouterr().out
    assert "note: pos: no training data for qab-Latn" in shown
    assert "data/ner/qaa.train.tsv, line 1" in shown
    assert "1 settings are chosen by dev score on the way" in shown


def test_what_is_prepared_stays_in_the_folder_of_the_study(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "study.yaml", "--data", "data", "--out", "out"]) == 0
    assert (place / "out" / "prepared" / "facts.json").is_file()
    assert not (place / "out" / "runs").exists()
