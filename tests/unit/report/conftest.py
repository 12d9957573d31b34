"""The invented study that the tests of the report read."""

from pathlib import Path

import pytest

from isogloss.report.study_files import StudyFiles, read_study
from toy_study import Toy, write_toy_study


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_study(tmp_path_factory.mktemp("plain") / "study")


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_study(tmp_path_factory.mktemp("hostile") / "study", Toy(hostile=True))


@pytest.fixture(scope="session")
def study(toy_folder: Path) -> StudyFiles:
    return read_study(toy_folder)


@pytest.fixture(scope="session")
def paper_study(tmp_path_factory: pytest.TempPathFactory) -> StudyFiles:
    """A study that names a paper and meta-learns: every section has something to show."""
    toy = Toy(paper=True)
    return read_study(write_toy_study(tmp_path_factory.mktemp("paper") / "study", toy))


@pytest.fixture(scope="session")
def one_seed(tmp_path_factory: pytest.TempPathFactory) -> StudyFiles:
    toy = Toy(seeds=(1,), plateau=True)
    return read_study(write_toy_study(tmp_path_factory.mktemp("one") / "study", toy))


@pytest.fixture(scope="session")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> StudyFiles:
    toy = Toy(nothing_found=True)
    return read_study(write_toy_study(tmp_path_factory.mktemp("nothing") / "study", toy))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> StudyFiles:
    """A study that wrote its spec and nothing else yet."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "spec.yaml").write_text("name: bare\n")
    return read_study(folder)
