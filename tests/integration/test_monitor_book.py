"""The examples of `docs/monitor.md` run as they stand."""

import json
import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "docs" / "monitor.md"
BLOCKS = re.findall(r"```python\n(.*?)```", BOOK.read_text(encoding="utf-8"), re.DOTALL)


def rows(folder: Path) -> list[dict[str, object]]:
    """Return what was logged."""
    lines = (folder / "conflict.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("block", "folder", "looks"), [(0, "my-run", [0, 10, 20]), (1, "trainer-run", [0, 5])]
)
def test_an_example_runs(
    block: int, folder: str, looks: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(BLOCKS) == 2
    monkeypatch.chdir(tmp_path)
    exec(compile(BLOCKS[block], str(BOOK), "exec"), {})
    found = rows(tmp_path / folder)
    assert [row["update"] for row in found] == looks
    for row in found:
        assert row["languages"] == ["eng-Latn", "swa-Latn"]
        assert set(row["control"]) == {"eng-Latn", "swa-Latn"}  # type: ignore[arg-type]
