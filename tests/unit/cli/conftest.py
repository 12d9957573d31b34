"""A micro study that the command line itself made, once for all tests of the room."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from isogloss.cli import main
from unit.study import toys


class Answer(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture
def isogloss(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command line in this process."""

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toys.write_bed(tmp_path_factory.mktemp("cli-bed"), "conflict")


@pytest.fixture(scope="session")
def study_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli-spec") / "micro.yaml"
    path.write_text(yaml.safe_dump({**toys.CONTENT, "tasks": ["pos"]}))
    return path


@pytest.fixture(scope="session")
def finished(bed: Path, study_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished study."""
    out = tmp_path_factory.mktemp("cli-study")
    command = ["run", study_file, "--data", bed, "--out", out, "--launcher", "inline", "--json"]
    assert main([str(word) for word in command]) == 0
    return out
