"""The keys under one kind of data in a YAML mapping, checked."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from isogloss.core import InputError, closest, first_complaint
from isogloss.data.readers import Column, Reading
from isogloss.data.sources.protocol import SPLITS

Form = Literal["plain", "sides", "table", "saved", "hub"]
# Form of the data -> keys that say nothing about it.
_NOT_OF_FORM: Final[Mapping[Form, tuple[str, ...]]] = {
    "plain": ("config", "revision", "data_files", "streaming"),
    "sides": (
        *("config", "revision", "data_files", "streaming"),
        *("columns", "prefix", "header", "quoting"),
    ),
    "table": ("config", "revision", "data_files", "streaming", "header", "quoting"),
    "saved": ("config", "revision", "data_files", "streaming", "header", "quoting"),
    "hub": ("header", "quoting"),
}
_FORM_NAMES: Final[Mapping[Form, str]] = {
    "plain": "plain files",
    "sides": "a file for each side",
    "table": "Parquet, JSON and Arrow files",
    "saved": "data sets on disk",
    "hub": "data sets of the hub",
}
_NOT_OF_TASK: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("labels", "scheme"),
    "pos": ("divide", "scheme"),
    "ner": ("divide",),
    "topic": ("divide", "scheme"),
    "nli": ("divide", "scheme"),
    "parallel": ("divide", "labels", "scheme"),
    "qa": ("divide", "labels", "scheme"),
}
_NOT_OF_PLAIN_TASK: Final[Mapping[str, tuple[str, ...]]] = {
    "pos": ("prefix", "quoting"),
    "ner": ("prefix", "quoting"),
    "qa": ("columns", "header", "quoting"),
}


def _by_name(languages: object) -> object:
    """Let a plain list of languages stand for themselves in the patterns."""
    if isinstance(languages, list):
        return {str(name): str(name) for name in languages}
    return languages


def _as_text(labels: object) -> object:
    """Let label numbers be written as numbers; YAML's true and false stay, and are refused."""

    def text(value: object) -> object:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if is_number else value

    if isinstance(labels, list):
        return [text(label) for label in cast("list[object]", labels)]
    if isinstance(labels, dict):
        pairs = cast("dict[object, object]", labels).items()
        return {text(theirs): text(ours) for theirs, ours in pairs}
    return labels


_Number = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """Where one kind of data lies and how it is read.

    Patterns may hold `{language}`, `{code}`, `{script}`, `{iso639_1}` and `{split}`; for parallel
    text `{first}`, `{second}` and, where the sides lie in two files, `{side}`.

    Args:
        languages: languages, or language -> what `{language}` stands for in the patterns.
        files: pattern of files, relative to the YAML file.
        dataset: Hugging Face data set: hub name, saved folder or file; a pattern too.
        config: pattern of its configuration.
        revision: branch, tag or commit on the hub.
        data_files: pattern of files in the hub repository, where it has no configurations.
        splits: our split -> theirs; null or absent where there is none.
        divide: their split that we divide into train, dev and test by line; text only.
        columns: what is in which column: its name, a pattern too, or its number from 1.
        header: whether the first line of a plain file names the columns.
        quoting: whether the fields of a plain file are quoted as CSV writers do it.
        labels: names of label numbers 0, 1, ...; or label -> the name to give it, null to leave
            its examples out.
        scheme: how entity tags are written, where not in IOB2.
        limit: read at most so many rows of each split.
        prefix: [column, pattern]: keep rows in which the column begins so.
        repair: `skip` leaves out what is broken, and counts it.
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
    columns: dict[str, str | _Number] = {}
    header: bool | None = None
    quoting: Literal["csv", "none"] | None = None
    labels: Annotated[list[str] | dict[str, str | None], BeforeValidator(_as_text)] = []
    scheme: Literal["iob1", "bioes", "bilou"] | None = None
    limit: _Number | None = None
    prefix: tuple[str | _Number, str] | None = None
    repair: Literal["skip"] | None = None
    streaming: bool | None = None

    def reading(self, columns: Mapping[str, Column], prefix: tuple[Column, str] | None) -> Reading:
        """Return what readers have to obey.

        Args:
            columns: `columns` with its patterns filled.
            prefix: `prefix` with its pattern filled.
        """
        return Reading(
            columns=columns,
            header=self.header,
            quoting=None if self.quoting is None else self.quoting == "csv",
            prefix=prefix,
            limit=self.limit,
            names=tuple(self.labels) if isinstance(self.labels, list) else (),
            renamed={} if isinstance(self.labels, list) else self.labels,
            scheme=self.scheme,
            skip=self.repair == "skip",
        )


_KEYS: Final = tuple(Section.model_fields)
# Keys whose values may be of several types, which pydantic would list one by one.
_SHAPES: Final[Mapping[str, str]] = {
    "columns": "what is wanted: the name of its column, or its number from 1",
    "labels": "a list of names of the label numbers 0, 1, ..., or a map `{theirs: ours}`",
    "prefix": "[column, beginning], the column by name or number from 1",
    "repair": "`skip`",
}


def parse_section(values: object, where: str) -> Section:
    """Check the keys of one kind.

    Args:
        values: what stands under the kind in the YAML file.
        where: file and kind, for the message.

    Raises:
        InputError: an unknown key (the nearest one is named), a value of another type, or not
            exactly one of `files` and `dataset`.
    """
    if isinstance(values, dict) and isinstance(values.get("prefix"), list):
        values = {**values, "prefix": tuple(values["prefix"])}
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
    if section.divide is not None and "splits" in section.model_fields_set:
        raise refuse(where, "one of `divide` and `splits`", "both")
    return section


def refuse_without_effect(section: Section, task: str, form: Form, where: str) -> None:
    """Refuse keys that were given and could change nothing.

    Args:
        section: the keys.
        task: kind of data, without set.
        form: what the data lie in.
        where: file and kind, for the message.

    Raises:
        InputError: a key that says nothing about this kind or form of data.
    """
    wrong: dict[str, str] = dict.fromkeys(_NOT_OF_TASK[task], f"of kind `{task}`")
    wrong |= dict.fromkeys(_NOT_OF_FORM[form], f"in {_FORM_NAMES[form]}")
    if form == "plain":
        keys = _NOT_OF_PLAIN_TASK.get(task, ())
        wrong |= dict.fromkeys(keys, f"of kind `{task}` in plain files")
    if form == "plain" and task == "text" and not (section.columns or section.prefix):
        what = "in lines of text (with `columns` they would be a table)"
        wrong |= dict.fromkeys(("header", "quoting", "repair"), what)
    if section.data_files is not None:
        wrong["config"] = "beside `data_files`"
    for key in _KEYS:
        if key in wrong and key in section.model_fields_set and getattr(section, key) is not None:
            raise InputError(
                expected=f"keys that have an effect on data {wrong[key]}",
                found=f"`{key}`",
                where=where,
                next_step=f"Remove `{key}`: nothing would follow from it.",
            )


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
    complaint = first_complaint(error)
    keys = complaint.keys
    if not keys:
        return refuse(where, f"a mapping of the keys {', '.join(_KEYS)}", complaint.found)
    if complaint.is_unknown_key:
        return unknown(keys[-1], _KEYS, where=where)
    if keys and keys[0] in _SHAPES:
        return refuse(f"{where}, {keys[0]}", _SHAPES[keys[0]], complaint.found)
    return refuse(", ".join([where, *keys]), complaint.expected, complaint.found)
