import mmap
from pathlib import Path

import pytest

from isogloss.study.run import memory


def test_peak_memory_counts_what_was_used() -> None:
    memory.reset_peak_memory()
    before = memory.peak_memory_mb()
    # Pages of its own: an array may lie in memory that earlier tests freed and the process kept.
    with mmap.mmap(-1, 64 * 2**20) as pages:
        pages.write(bytes(64 * 2**20))
        assert memory.peak_memory_mb() >= before + 60


def test_without_the_kernels_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_STATUS", tmp_path / "none")
    monkeypatch.setattr(memory, "_CLEAR", tmp_path / "none" / "none")
    memory.reset_peak_memory()
    assert memory.peak_memory_mb() > 10
