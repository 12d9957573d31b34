"""The door to data: a folder, a YAML mapping, or the name of a mapping that we ship."""

from importlib.resources import files
from pathlib import Path

from isogloss.core import InputError
from isogloss.data.sources.catalogue import Catalogue
from isogloss.data.sources.folder import open_folder
from isogloss.data.sources.held_out import HeldOutSource
from isogloss.data.sources.protocol import DataSource


def open_source(where: Path | str) -> DataSource:
    """Return the data that lie at `where`.

    Args:
        where: a folder `{kind}/{language}[.{set}].{split}.{ext}`; a folder of plain text
            `{language}.{train,dev,test}.txt` or `{language}.txt`; a YAML file that maps kinds to
            files or to Hugging Face data sets; or `hub`, our own mapping to public data sets.

    Returns:
        A source that has listed, but not read, its data. A language with training and test data
        and no dev data has these cut from its training data.

    Raises:
        InputError: nothing there, or not laid out as any of these.
    """
    return HeldOutSource(_listed(where))


def _listed(where: Path | str) -> Catalogue:
    """Return the data as they lie there."""
    path = Path(where)
    if path.is_dir():
        _refuse_saved_dataset(path)
        return open_folder(path)
    if str(where) in _shipped():
        path = _shipped()[str(where)]
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        from isogloss.data.sources.mapping import open_mapping

        return open_mapping(path)
    raise InputError(
        expected="a folder of data, a YAML mapping (.yaml), or one of our mappings: "
        f"{', '.join(_shipped())}",
        found="a file of another type" if path.exists() else "nothing at this path",
        where=str(where),
        next_step="Check the path; `isogloss synth` makes a folder of data to try with.",
    )


def _shipped() -> dict[str, Path]:
    """Return the mappings that travel with the package."""
    folder = Path(str(files("isogloss.data"))) / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _refuse_saved_dataset(folder: Path) -> None:
    """Point at the mapping: a data set saved by `datasets` does not say its kind and language."""
    if any((folder / name).is_file() for name in ("dataset_dict.json", "dataset_info.json")):
        raise InputError(
            expected="a folder of data files, or a YAML mapping",
            found="a data set saved by Hugging Face `datasets`",
            where=str(folder),
            next_step=f"Say what it holds in a YAML file: `ner: {{dataset: {folder}, "
            "languages: [en]}`, and give that file.",
        )
