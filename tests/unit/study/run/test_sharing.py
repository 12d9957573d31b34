import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import SHARING_FILES, InputError
from isogloss.diagnosis import GateTraining, SharingSettings
from isogloss.report import render_sharing
from isogloss.study import Run, load_spec, write_sharing

Done = tuple[Path, Run, Run]
QUICK = SharingSettings(rows=2, length=12, training=GateTraining(updates=3))


@pytest.fixture(scope="module")
def found(checkpoint: Path, bed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sharing") / "out"
    write_sharing(checkpoint, out, QUICK, text=bed)
    return out


def test_tables_of_the_contract(found: Path) -> None:
    for name, table in SHARING_FILES.items():
        assert tuple(pd.read_csv(found / f"{name}.csv")) == table.columns
    about = json.loads((found / "sharing.json").read_text())
    assert list(about["models"].values()) == [["qaa-Latn", "qab-Latn"]]
    assert any("same-language control" in note for note in about["notes"]), "three updates"


def test_a_study_of_what_it_recommends(found: Path, checkpoint: Path) -> None:
    about = json.loads((found / "sharing.json").read_text())
    if about["recommendation"] is None:  # three updates: noise decides whether controls are above 0
        assert "could not recommend" in about["notes"][-1]
        assert not (found / "study.yaml").exists()
        return
    spec = load_spec(found / "study.yaml")
    assert spec.model == str(checkpoint)
    labels = [one.label for one in spec.treatments]
    assert labels == ["monolingual", "untreated", "recommended", "opposite", "random"]


def test_the_same_call_goes_on_and_another_is_refused(
    found: Path, checkpoint: Path, bed: Path
) -> None:
    before = {path.name: path.read_bytes() for path in found.glob("*.csv")}
    told: list[str] = []
    write_sharing(checkpoint, found, QUICK, text=bed, tell=told.append)
    assert {path.name: path.read_bytes() for path in found.glob("*.csv")} == before
    other = SharingSettings(rows=3, length=12, training=GateTraining(updates=3))
    with pytest.raises(InputError, match="settings differ"):
        write_sharing(checkpoint, found, other, text=bed)


def test_a_page_of_the_tables(found: Path) -> None:
    html = render_sharing(found).read_text(encoding="utf-8")
    assert html.count("<svg") >= 6
    assert "Which languages share" in html


def test_a_head_that_was_never_trained(encoder: Path, bed: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an encoder alone"):
        write_sharing(encoder, tmp_path / "out", QUICK, text=bed)
    assert not (tmp_path / "out" / "sharing.json").exists()


def test_a_study_is_read_where_it_is(done: Done, tmp_path: Path) -> None:
    """Six updates are too few for the head: it is said, and nothing of the study is touched."""
    study = tmp_path / "study"
    shutil.copytree(done[0], study)
    before = sorted(path for path in study.rglob("*"))
    settings = SharingSettings(
        criterion="representation", rows=2, length=12, training=GateTraining(updates=2)
    )
    done_ = write_sharing(study, tmp_path / "out", settings)
    assert set(done_.tables["sharing"]["run_id"]) == {done[1].run_id}
    assert sorted(path for path in study.rglob("*")) == before
