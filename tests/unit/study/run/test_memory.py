from pathlib import Path

import numpy as np
import pytest

from isogloss.study.run import memory


def test_peak_memory_counts_what_was_used() -> None:
    memory.reset_peak_memory()
    before = memory.peak_memory_mb()
    big = np.ones(8_000_000)
    assert memory.peak_memory_mb() >= before + 30, big[0]


def test_without_the_kernels_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_STATUS", tmp_path / "none")
    monkeypatch.setattr(memory, "_CLEAR", tmp_path / "none" / "none")
    memory.reset_peak_memory()
    assert memory.peak_memory_mb() > 10
