import dataclasses
import shutil
from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.study import Prepared, Run, parse_spec
from isogloss.study.results.about import write_spec
from isogloss.study.store.finished_models import FinishedModel, finished_models
from isogloss.study.store.run_folder import run_folder
from unit.study import toys

Done = tuple[Path, Run, Run]


def one(source: Path, tmp_path: Path, text: Path | None = None, *codes: str) -> FinishedModel:
    languages = [Language.parse(code) for code in codes]
    [found] = finished_models(source, text=text, languages=languages, tokens=tmp_path / "tokens")
    return found


def test_a_study_its_run_and_the_runs_model(done: Done, tmp_path: Path) -> None:
    folder, joint, _ = done
    run = run_folder(folder, joint.run_id)
    for place in (folder, run.path, run.model):
        found = one(place, tmp_path)
        assert found.name == joint.run_id
        assert found.languages == toys.PAIR
        assert found.corpus(toys.BASE, "train").n_tokens > 100
        assert found.model().languages == toys.PAIR
        assert found.has_head
    assert not (tmp_path / "tokens").exists()


def test_some_of_the_languages(done: Done, tmp_path: Path) -> None:
    assert one(done[0], tmp_path, None, "qab").languages == (toys.OTHER,)
    with pytest.raises(InputError, match="two or more languages"):
        one(done[0], tmp_path, None, "sw")


def test_a_study_has_its_own_text(done: Done, bed: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no --text with a study"):
        one(done[0], tmp_path, bed)


def test_a_checkpoint_with_text(checkpoint: Path, bed: Path, tmp_path: Path) -> None:
    found = one(checkpoint, tmp_path, bed)
    assert found.languages == toys.PAIR
    first = found.corpus(toys.BASE, "dev")
    assert first.path == found.corpus(toys.BASE, "dev").path
    assert first.path.parent == tmp_path / "tokens"
    assert found.held_out == "dev"
    assert found.has_head
    with pytest.raises(InputError, match="--text with a model that is in no study"):
        one(checkpoint, tmp_path)


def test_an_encoder_without_a_head(encoder: Path, bed: Path, tmp_path: Path) -> None:
    found = one(encoder, tmp_path, bed, "qab", "qaa")
    assert not found.has_head
    assert found.model().languages == (toys.OTHER, toys.BASE)


@pytest.mark.parametrize("tasks", [[], ["pos"]])
def test_a_follow_up_trains_as_the_study_did(
    done: Done, prepared: Prepared, tmp_path: Path, tasks: list[str]
) -> None:
    shutil.copytree(done[0], tmp_path / "study")
    copied = dataclasses.replace(prepared, folder=tmp_path / "study")
    spec = toys.spec(tasks=tasks)
    write_spec(spec, copied)
    start = one(tmp_path / "study", tmp_path).start
    again = parse_spec({"name": "again", "mixtures": [["qaa", "qab"]], **start}, "test")
    assert again.pretraining == spec.pretraining
    assert (again.model, again.seeds, again.tasks) == (spec.model, spec.seeds, spec.tasks)
