"""The keys under one kind of data in a YAML mapping, checked."""

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from isogloss.core import InputError, closest
from isogloss.data.sources.protocol import SPLITS


def _by_name(languages: object) -> object:
    """Let a plain list of languages stand for themselves in the patterns."""
    if isinstance(languages, list):
        return {str(name): str(name) for name in languages}
    return languages


class Section(BaseModel):
    """Where one kind of data lies.

    Patterns may hold `{language}`, `{code}`, `{script}`, `{iso639_1}` and `{split}`.

    Args:
        languages: languages, or language -> what `{language}` stands for in the patterns.
        files: pattern of files, relative to the YAML file.
        dataset: Hugging Face data set: hub name, saved folder or file; a pattern too.
        config: pattern of its configuration.
        revision: branch, tag or commit on the hub.
        data_files: pattern of files in the hub repository, where it has no configurations.
        splits: our split -> theirs; null or absent where there is none.
        divide: their split that we divide into train, dev and test by line; text only.
        columns: what is in which column.
        labels: names of label numbers 0, 1, ...
        limit: read at most so many rows of each split.
        prefix: [column, pattern]: keep rows in which the column begins so.
        streaming: read hub rows as they come; by default for text only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    languages: Annotated[dict[str, str], BeforeValidator(_by_name), Field(min_length=1)]
    files: str | None = None
    dataset: str | None = None
    config: str | None = None
    revision: str | None = None
    data_files: str | None = None
    splits: dict[str, str | None] = {split: split for split in SPLITS}
    divide: str | None = None
    columns: dict[str, str] = {}
    labels: list[str] = []
    limit: Annotated[int, Field(ge=1)] | None = None
    prefix: Annotated[list[str], Field(min_length=2, max_length=2)] | None = None
    streaming: bool | None = None


_KEYS: Final = tuple(Section.model_fields)


def parse_section(values: object, where: str) -> Section:
    """Check the keys of one kind.

    Args:
        values: what stands under the kind in the YAML file.
        where: file and kind, for the message.

    Raises:
        InputError: an unknown key (the nearest one is named), a value of another type, or not
            exactly one of `files` and `dataset`.
    """
    try:
        section = Section.model_validate(values)
    except ValidationError as error:
        raise _refusal(error, where) from error
    if (section.files is None) == (section.dataset is None):
        found = "neither" if section.files is None else "both"
        raise refuse(where, "exactly one of `files` and `dataset`", found)
    for split in section.splits:
        if split not in SPLITS:
            raise unknown(split, SPLITS, where=f"{where}, splits")
    return section


def unknown(name: str, known: tuple[str, ...], *, where: str) -> InputError:
    """Return the error for a name that is none of `known`."""
    near = closest(name, list(known))
    return InputError(
        expected=f"one of {', '.join(known)}",
        found=f"`{name}`",
        where=where,
        next_step=f"Did you mean `{near}`?" if near else "Remove it.",
    )


def refuse(where: str, expected: str, found: str) -> InputError:
    """Return the error for a part of the mapping that cannot be used."""
    return InputError(
        expected=expected, found=found, where=where, next_step="Mend this part of the mapping."
    )


def _refusal(error: ValidationError, where: str) -> InputError:
    """Turn pydantic's findings into our error; a misspelt key explains the one it leaves out."""
    findings = error.errors(include_url=False)
    first = min(findings, key=lambda finding: finding["type"] != "extra_forbidden")
    keys = [str(key) for key in first["loc"]]
    if first["type"] == "extra_forbidden":
        return unknown(keys[-1], _KEYS, where=where)
    place = ", ".join([where, *keys])
    found = "nothing" if first["type"] == "missing" else repr(first["input"])[:60]
    return refuse(place, f"a mapping that keeps to: {first['msg'].lower()}", found)
