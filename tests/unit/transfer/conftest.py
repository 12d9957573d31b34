"""A bed and a body, made once for the room's tests."""

from pathlib import Path

import pytest

from isogloss.transfer import MatrixSpec, run_matrix
from unit.transfer import toys


@pytest.fixture(scope="session")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return data of a language, its clone and an unrelated one."""
    return toys.write_bed(tmp_path_factory.mktemp("transfer-bed"), "clone", "unrelated")


@pytest.fixture(scope="session")
def body(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a body that has read all three languages for a moment."""
    folder = tmp_path_factory.mktemp("transfer-body")
    return toys.write_body(bed, folder, (toys.QAA, toys.QAB, toys.QAC), updates=40)


@pytest.fixture(scope="session")
def done(
    bed: Path, body: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, MatrixSpec]:
    """Return the folder of a finished matrix with companies; tests write nothing into it."""
    spec = toys.spec(body, company={"sizes": [1, 2, 3]}, unseen=["qac"])
    folder = tmp_path_factory.mktemp("transfer-done") / "out"
    run_matrix(spec, str(bed), folder, command="isogloss matrix")
    return folder, spec
