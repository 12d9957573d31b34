from pathlib import Path

import pandas as pd
import pytest

from isogloss.comparison.language_models.store import ShardStore, model_identity
from isogloss.core import InputError

TABLE = pd.DataFrame({"example": ["a"], "bits": [1.0]})


def test_shards_are_there_or_not(tmp_path: Path) -> None:
    store = ShardStore(tmp_path / "s", {"model": [["a", 1]], "most": None})
    assert not store.has("swa-Latn", 0)
    store.write("swa-Latn", 0, TABLE)
    again = ShardStore(tmp_path / "s", {"model": [["a", 1]], "most": None})
    assert again.has("swa-Latn", 0) and not again.has("swa-Latn", 1)


def test_scores_made_with_something_else_are_refused(tmp_path: Path) -> None:
    ShardStore(tmp_path, {"most": 3})
    for other, named in (({"most": 4}, "most"), ({"most": 3, "x": 1}, "x")):
        with pytest.raises(InputError, match=f"others: {named} differ"):
            ShardStore(tmp_path, other)
    (tmp_path / "made_with.json").write_text("{")
    with pytest.raises(InputError, match="a damaged file"):
        ShardStore(tmp_path, {"most": 3})


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    ShardStore(tmp_path, {})
    (tmp_path / ".partial-x").write_text("half")
    ShardStore(tmp_path, {})
    assert not (tmp_path / ".partial-x").exists()


def test_a_changed_model_is_another(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"1")
    before = model_identity(tmp_path)
    path.write_bytes(b"12")
    assert model_identity(tmp_path) != before
