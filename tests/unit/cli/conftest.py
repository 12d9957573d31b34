"""A small test bed and a study file that the commands of these tests share."""

import shutil
from pathlib import Path

import pytest
import yaml

from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes
from unit.study.toys import CONTENT


@pytest.fixture(scope="session")
def _bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bed")
    languages = tuple(map(LanguageRecipe, ("base", "conflict", "clone")))
    synthesise(Recipe(languages, sizes=SplitSizes(40, 24, 8, 20)), folder, seed=1, sentences=80)
    return folder


@pytest.fixture
def place(_bed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a new folder with `data` (qaa, qab, qac) and `study.yaml`."""
    shutil.copytree(_bed, tmp_path / "data")
    content = {**CONTENT, "seeds": [0], "pretraining": {"updates": 2, "rows": 4, "length": 16}}
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(content))
    monkeypatch.chdir(tmp_path)
    return tmp_path
