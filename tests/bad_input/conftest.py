"""A workplace for each mistake: data, a study file and, where wanted, the finished study."""

import shutil
from pathlib import Path

import pytest

from bad_input.mistake import RUN, study
from isogloss.cli import main
from isogloss.data import synthesise
from isogloss.data.testbed.recipe import LanguageRecipe, Recipe, SplitSizes


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workplace where nothing is wrong."""
    folder = tmp_path_factory.mktemp("made")
    languages = tuple(map(LanguageRecipe, ("base", "conflict")))
    recipe = Recipe(languages, sizes=SplitSizes(40, 24, 8, 20))
    synthesise(recipe, folder / "data", seed=1, sentences=60)
    study()(folder)
    return folder


@pytest.fixture(scope="session")
def finished(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workplace where the study is finished too."""
    folder = tmp_path_factory.mktemp("finished") / "place"
    shutil.copytree(made, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(RUN.split()) == 0
    return folder
