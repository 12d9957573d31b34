"""What a treatment is: a small final class that replaces named parts of a frozen plan."""

import dataclasses
import inspect
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Protocol, get_type_hints

from pydantic import TypeAdapter, ValidationError

from isogloss.core import InputError, Language, closest, first_complaint, is_switch, shown
from isogloss.training import TrainingPlan

# No method is meant for more; sizes of corpora to the power of an exponent stay numbers.
_MOST: Final = 10_000
_MOST_EXPONENT: Final = 10


class Treatment(Protocol):
    """Contract of a treatment; its fields are its options, its docstring holds the citation.

    Attributes:
        name: key in the table, on the command line and in records.
        parts: the parts of the plan that it replaces.
        separate: one model per language instead of one model for all.
        claim: what its source says it does, in one sentence; a test measures it.
        builds_on: optional; the treatments that it adds something to, `()` where it is not given.
            Only the difference to them is the merit of what was added.
        translations: optional; what it needs translations for, of "training" and "inference", `()`
            where it is not given.
    """

    name: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    separate: ClassVar[bool]
    claim: ClassVar[str]

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the treated plan."""
        ...

    def candidates(self) -> "tuple[Treatment, ...]":
        """Return the settings to choose from by dev score; one = nothing to choose."""
        ...


def build(kind: type[Treatment], options: Mapping[str, Any]) -> Treatment:
    """Return the treatment with its options checked.

    Raises:
        InputError: an unknown option, or a value that the treatment cannot have.
    """
    assert dataclasses.is_dataclass(kind)
    known = [field.name for field in dataclasses.fields(kind)]
    for name in options:
        if name not in known:
            near = closest(name, known)
            raise InputError(
                expected=f"options of `{kind.name}`: {', '.join(known) or 'none'}",
                found=f"`{name}`",
                where=f"treatments.{kind.name}",
                next_step=f"Did you mean `{near}`?" if near else "Remove the option.",
            )
    _refuse_switches(kind, options)
    try:
        treatment = TypeAdapter(kind).validate_python(dict(options))
        _refuse_extremes(treatment)
        return treatment
    except ValidationError as error:
        first = first_complaint(error)
        if first.cause is not None:
            raise first.cause from error
        place = ".".join(first.keys)
        raise InputError(
            expected=f"a usable value for `{place}`: {first.expected}" if place else first.expected,
            found=first.found,
            where=f"treatments.{kind.name}",
            next_step=f"`isogloss list treatments` shows the options of `{kind.name}`.",
        ) from error


def _refuse_switches(kind: type[Treatment], options: Mapping[str, Any]) -> None:
    """Refuse true and false for a number, which Python takes for 1 and 0."""
    annotations = get_type_hints(kind, include_extras=True)
    for name, value in options.items():
        if is_switch(annotations[name], value):
            raise InputError(
                expected=f"a number for `{name}`",
                found=shown(value),
                where=f"treatments.{kind.name}",
                next_step=f"`isogloss list treatments` shows the options of `{kind.name}`.",
            )


def _refuse_extremes(treatment: Treatment) -> None:
    """Refuse numbers that overflow, or ask for terabytes, once the training has begun."""
    for name, value in treatment_options(treatment).items():
        most = _MOST_EXPONENT if name.startswith("exponent") else _MOST
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, int | float) and not abs(one) <= most:
                raise InputError(
                    expected=f"a number of at most {most:g} for `{name}`",
                    found=shown(one),
                    where=f"treatments.{treatment.name}",
                    next_step="Is a digit too many in it? The papers' values are below 1,000.",
                )


def builds_on(kind: type[Treatment]) -> tuple[str, ...]:
    """Return the names of the treatments that one adds something to; see `Treatment`."""
    return getattr(kind, "builds_on", ())


def needs_translations(kind: type[Treatment]) -> tuple[str, ...]:
    """Return what a treatment needs translations for; see `Treatment`."""
    return getattr(kind, "translations", ())


def treatment_options(treatment: Treatment) -> dict[str, Any]:
    """Return the options of a treatment by name, as a study file writes them: languages as text."""
    assert dataclasses.is_dataclass(treatment)
    return {
        field.name: _as_written(getattr(treatment, field.name))
        for field in dataclasses.fields(treatment)
    }


def _as_written(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_as_written(item) for item in value)
    return str(value) if isinstance(value, Language) else value


@dataclasses.dataclass(frozen=True)
class Citation:
    """Where a treatment comes from, read out of its docstring.

    Attributes:
        key: BibTeX key.
        text: authors, title, year, URL.
        bibtex: the entry.
    """

    key: str
    text: str
    bibtex: str


def citation(kind: type[Treatment]) -> Citation | None:
    """Return the citation in the `Reference:` section of the class docstring, or None."""
    document = inspect.getdoc(kind) or ""
    section = re.search(r"^Reference:\n((?:    .*\n?|\n)+)", document, re.MULTILINE)
    if section is None:
        return None
    body = inspect.cleandoc(section.group(1))
    text, _, bibtex = body.partition("\n\n")
    key = re.search(r"@\w+\{([^,]+),", bibtex)
    return Citation(key.group(1) if key else text.split(".")[0], " ".join(text.split()), bibtex)
