"""Rows of Hugging Face data sets: on the hub, saved on disk, or in local Parquet and JSON files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from isogloss.core import InputError

# File types that `datasets` reads with a builder of its own; none of them is pickle.
BUILDERS: Final[Mapping[str, str]] = {
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".arrow": "arrow",
}
Row = Mapping[str, object]


def is_table(path: Path, task: str) -> bool:
    """Tell whether a file holds rows for `datasets` to read; `.json` of questions is SQuAD.

    Args:
        path: the file.
        task: kind of data, without set.
    """
    return path.suffix in BUILDERS and (task, path.suffix) != ("qa", ".json")


@dataclass(frozen=True)
class Table:
    """Where the rows of one language and split lie.

    Args:
        dataset: hub name, folder written by `save_to_disk`, or a Parquet, JSON or Arrow file.
        split: the data set's own name of the split; empty where it has no splits.
        config: configuration of the data set, often its language.
        revision: branch, tag or commit on the hub.
        data_files: pattern of the files to read in a hub repository, where it has no configs.
        streaming: read hub rows as they come instead of downloading the whole split first.
    """

    dataset: str
    split: str = ""
    config: str | None = None
    revision: str | None = None
    data_files: str | None = None
    streaming: bool = False

    def __str__(self) -> str:
        part = self.config or self.data_files
        split = f", split {self.split}" if self.split else ""
        return f"{self.dataset}{f' {part}' if part else ''}{split}"

    def rows(self) -> Iterator[Row]:
        """Stream the rows.

        Raises:
            InputError: the data set cannot be found, reached or read.
        """
        rows = iter(self._open())
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except Exception as error:  # As in `_open`.
                raise self._unreadable(error) from error
            yield row

    def label_names(self, column: str | int) -> tuple[str, ...]:
        """Return the names of the class numbers in `column`, where the data set declares them.

        Args:
            column: its name, or its number from 1.
        """
        features = getattr(self._open(), "features", None) or {}
        by_number = dict(enumerate(features.values(), start=1))
        feature = by_number.get(column) if isinstance(column, int) else features.get(column)
        names = getattr(getattr(feature, "feature", feature), "names", None)
        return tuple(names or ())

    def _open(self) -> Iterable[Row]:
        try:
            return cast("Iterable[Row]", self._load())
        except InputError:
            raise
        # `datasets` lets through what its many back ends raise (HTTP, Arrow, JSON, file system).
        except Exception as error:
            raise self._unreadable(error) from error

    def _load(self) -> object:
        import datasets  # Takes a second to import; most studies read plain files.

        path = Path(self.dataset)
        if path.is_dir():
            saved = datasets.load_from_disk(self.dataset)
            if isinstance(saved, datasets.DatasetDict):
                return self._split_of({str(name): part for name, part in saved.items()})
            return saved
        if path.is_file():
            builder = BUILDERS[path.suffix]
            # Streaming leaves no copy in the cache of the home folder.
            return datasets.load_dataset(
                builder, data_files=self.dataset, split="train", streaming=True
            )
        return datasets.load_dataset(
            self.dataset,
            None if self.data_files else self.config,
            data_files={self.split: self.data_files} if self.data_files else None,
            split=self.split,
            revision=self.revision,
            streaming=self.streaming,
        )

    def _split_of(self, saved: Mapping[str, object]) -> object:
        if self.split not in saved:
            raise InputError(
                expected=f"split `{self.split}`",
                found=", ".join(saved),
                where=self.dataset,
                next_step="Name the data set's own splits in the mapping: "
                "`splits: {train: train, dev: validation, test: test}`.",
            )
        return saved[self.split]

    def _unreadable(self, error: Exception) -> InputError:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        return InputError(
            expected="a data set that can be read",
            found=f"{type(error).__name__}: {reason[:200]}",
            where=str(self),
            next_step="Check name, config and split, and the network: without one, save the data "
            "set with `save_to_disk` elsewhere and give that folder as `dataset`.",
        )
