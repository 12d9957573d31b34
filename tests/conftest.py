"""Fixtures of all tests: one seed, one thread, no network, and torch only where a test uses it."""

import os
import random
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import numpy as np
import pytest

# Set before torch, tokenizers or huggingface_hub are imported by a test module, and inherited by
# the processes that tests start.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
os.environ["MPLBACKEND"] = "Agg"

# Annotations are checked at every call of these files, which are about tensors and have shapes in
# them; not of whole rooms, where tests give stand-ins for tokenizers and models.
SHAPED = (
    "isogloss.gradients.block",
    "isogloss.gradients.kinds.closed_form",
    "isogloss.gradients.language_gradients",
    "isogloss.gradients.measures",
    "isogloss.gradients.rows",
    "isogloss.gradients.sketch",
    "isogloss.models.slab",
    "isogloss.objectives.contract",
)
if find_spec("jaxtyping") and find_spec("beartype"):
    import jaxtyping

    jaxtyping.install_import_hook(SHAPED, "beartype.beartype")

# How long an example takes says more about what else the machine does than about the code.
hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")

ROOT = Path(__file__).resolve().parents[1]
SEED = 20


def _steady_torch(seed: int) -> None:
    """Seed torch and make it deterministic, when the test module has imported it."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


@pytest.fixture(scope="session", autouse=True)
def _steady_session() -> None:
    # Fixtures wider than one test (a toy model for a module) are made before the one below runs.
    _steady_torch(SEED)


@pytest.fixture(autouse=True)
def seed() -> int:
    """Seed every generator before each test and return the seed."""
    random.seed(SEED)
    np.random.seed(SEED)
    _steady_torch(SEED)
    return SEED


@pytest.fixture
def rng(seed: int) -> np.random.Generator:
    """Return a numpy generator with the seed of the tests."""
    return np.random.default_rng(seed)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data sets, or skip: tests never download them."""
    named = os.environ.get("ISOGLOSS_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not (folder / "text").is_dir():
        pytest.skip(f"no real data: {folder / 'text'} is not a folder (set ISOGLOSS_DATA)")
    return folder


@pytest.fixture
def in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Run the test in an empty working folder, so that it writes nothing in the repository."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
