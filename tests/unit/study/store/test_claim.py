"""A study writes into a new folder, an empty one, or its own; nobody else's file is replaced."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from isogloss.core import InputError
from isogloss.study import parse_spec
from isogloss.study.store.claim import mark, refuse_foreign
from unit.study import toys

SPEC = toys.spec()
OTHER_NAME = SPEC.model_copy(update={"name": "another"})
OTHER_LANGUAGES = parse_spec({"name": SPEC.name, "mixtures": [["fr", "de"]]}, "study")
MORE = SPEC.model_copy(update={"seeds": (7, 8), "mixtures": (*SPEC.mixtures, *SPEC.mixtures)})


def text(name: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")

    return make


def users_spec(folder: Path) -> None:
    """A study file that the user wrote and put into the folder for its results."""
    (folder / "spec.yaml").write_text(yaml.safe_dump(SPEC.model_dump(mode="json")))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (text("verdicts.csv"), "verdicts.csv"),
        (text("records.csv"), "records.csv"),
        (text("text/en.train.txt"), "text"),
        (text("runs/mine"), "runs"),
        (users_spec, "spec.yaml"),
        (lambda folder: mark(folder, OTHER_NAME), "the study `another` on qaa-Latn, qab-Latn"),
        (lambda folder: mark(folder, OTHER_LANGUAGES), "on deu-Latn, fra-Latn"),
    ],
)
def test_what_is_not_the_studys_own(
    make: Callable[[Path], None], found: str, tmp_path: Path
) -> None:
    make(tmp_path)
    with pytest.raises(InputError, match="nothing was written") as refused:
        refuse_foreign(tmp_path, SPEC)
    assert found in refused.value.found
    assert refused.value.where == f"--out `{tmp_path}`"


def test_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "new", SPEC)
    refuse_foreign(tmp_path, SPEC)
    (tmp_path / ".git").mkdir()
    refuse_foreign(tmp_path, SPEC)


def test_its_own_folder_with_other_seeds_and_more_mixtures(tmp_path: Path) -> None:
    mark(tmp_path, SPEC)
    (tmp_path / "records.csv").write_text("ours")
    for spec in (SPEC, MORE):
        refuse_foreign(tmp_path, spec)


@pytest.mark.parametrize("damage", ["", "[1]", "{", '{"languages": 3}', "null"])
def test_folders_from_before_the_mark_or_with_a_damaged_one(damage: str, tmp_path: Path) -> None:
    (tmp_path / ".study.json").write_text(damage)
    content = {**SPEC.model_dump(mode="json"), "provenance": {}}
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(content))
    refuse_foreign(tmp_path, SPEC)
    with pytest.raises(InputError):
        refuse_foreign(tmp_path, OTHER_NAME)
    (tmp_path / "spec.yaml").unlink()
    (tmp_path / "prepared").mkdir()
    wanted = {"languages": ["qaa-Latn", "qab-Latn"]}
    (tmp_path / "prepared" / "facts.json").write_text(json.dumps({"wanted": wanted}))
    refuse_foreign(tmp_path, SPEC)
    with pytest.raises(InputError):
        refuse_foreign(tmp_path, OTHER_LANGUAGES)
