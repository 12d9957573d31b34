"""Scores of one model on disk: shards that are whole or absent, and what they were made with."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from isogloss.core import InputError, read_json, remove_partial, replacing, write_atomically

_ABOUT: Final = "made_with.json"


class ShardStore:
    """The shards of one model's scores.

    Args:
        folder: of this model.
        made_with: everything that the numbers depend on, as plain data.

    Raises:
        InputError: the folder holds scores that were made with something else.
    """

    def __init__(self, folder: Path, made_with: Mapping[str, object]) -> None:
        self.folder = folder
        path = folder / _ABOUT
        wanted = json.loads(json.dumps(made_with))
        step = "Give another --out, or remove that folder."
        if path.is_file():
            found = read_json(path, what="what scores were made with", next_step=step)
            other = [key for key in wanted if found.get(key) != wanted[key]]
            if other or found.keys() != wanted.keys():
                raise InputError(
                    expected="scores of this model, text and settings, to go on with",
                    found=f"others: {', '.join(other) or 'further settings'} differ",
                    where=str(folder),
                    next_step=step,
                )
            remove_partial(folder)
        else:
            write_atomically(path, json.dumps(wanted, indent=1) + "\n")

    def has(self, language: str, shard: int) -> bool:
        """Return whether a shard is there."""
        return self._path(language, shard).is_file()

    def write(self, language: str, shard: int, table: pd.DataFrame) -> None:
        """Write a shard.

        Raises:
            InputError: it cannot be written.
        """
        with replacing(self._path(language, shard)) as partial:
            table.to_parquet(partial)

    def _path(self, language: str, shard: int) -> Path:
        return self.folder / f"{language}-{shard:06d}.parquet"


def model_identity(folder: Path) -> list[list[object]]:
    """Return what tells one model's files from another's: names, sizes and times of changes."""
    files = sorted(one for one in folder.iterdir() if one.suffix in {".json", ".safetensors"})
    return [[one.name, one.stat().st_size, one.stat().st_mtime_ns] for one in files]
