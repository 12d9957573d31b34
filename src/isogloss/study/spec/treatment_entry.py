"""One treatment of a study: a name of the table with its options, or an object of one's own."""

import dataclasses
import json
from typing import Any, Final, Self, cast

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    field_validator,
    model_validator,
)

from isogloss.core import look_up
from isogloss.study.spec.settings import Strict, harmless, refused
from isogloss.treatments import TREATMENTS, Treatment, build, treatment_options

CONTROLS: Final = ("untreated", "monolingual")
_CONTRACT: Final = ("name", "parts", "separate", "claim", "apply", "candidates")


class TreatmentEntry(Strict):
    """One treatment with its options; written `name` or `name: {option: value}`.

    From Python the name may be an object with `apply(plan)`, a treatment that the package does not
    know; see `Treatment` for what it promises.

    Attributes:
        label: what it is called in tables, so that a study can hold two settings of one treatment;
            its name where none is given.
        updates_factor: times the updates of the untreated joint run, for comparisons at equal
            compute with a treatment whose update costs more.
    """

    name: str
    options: dict[str, Any] = Field(default_factory=dict)
    label: str = ""
    updates_factor: float = Field(default=1.0, gt=0, le=1000)
    _kind: type[Treatment] = PrivateAttr()

    @model_validator(mode="wrap")
    @classmethod
    def _with_its_class(cls, value: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        written = _long_form(value)
        given = written.get("name") if isinstance(written, dict) else None
        if given is None or isinstance(given, str):
            entry = handler(written)
            entry._kind = look_up(TREATMENTS, entry.name, "treatment")
        else:
            own = _own_treatment(given)
            options = {"name": own.name, "options": treatment_options(own)}
            entry = handler({**cast("dict[str, Any]", written), **options})
            entry._kind = type(own)
        entry._refuse_unusable()
        return entry

    @field_validator("label")
    @classmethod
    def _is_harmless(cls, label: str) -> str:
        return harmless(label)

    def _refuse_unusable(self) -> None:
        """Refuse options that the treatment cannot have, and a label that means something else."""
        self.build()
        if not self.label:
            object.__setattr__(self, "label", self.name)
        if self.label != self.name and (self.name in CONTROLS or self.label in TREATMENTS):
            raise refused(
                "a label that is no treatment's name, and none for the controls",
                f"`{self.label}` for `{self.name}`",
                f"Use for example `{self.name}_2`, or leave the label out.",
            )
        if self.name in CONTROLS and self.updates_factor != 1:
            raise refused(
                "no `updates_factor` for the controls, whose budgets the others are measured by",
                f"{self.updates_factor:g} for `{self.name}`",
                "Change `pretraining.updates`, or give the factor to a treatment.",
            )

    @property
    def kind(self) -> type[Treatment]:
        """The treatment's class: that of the table, or the one that was given."""
        return self._kind

    def build(self) -> Treatment:
        """Return the treatment with its options."""
        return build(self.kind, self.options)


def _long_form(value: object) -> object:
    """Return what was written with the keys `name` and `options`."""
    if isinstance(value, str) or (dataclasses.is_dataclass(value) or hasattr(value, "apply")):
        return {"name": value}
    if isinstance(value, dict) and "name" not in value:
        names = [key for key in value if key not in ("label", "updates_factor")]
        if len(names) == 1:
            others = {key: item for key, item in value.items() if key != names[0]}
            return {"name": names[0], "options": value[names[0]] or {}, **others}
    return value


def _own_treatment(given: object) -> Treatment:
    """Return an object that was given in place of a name, if it keeps the contract."""
    lacking = [name for name in _CONTRACT if not hasattr(given, name)]
    if isinstance(given, type) or not dataclasses.is_dataclass(given) or lacking:
        raise refused(
            "a treatment: a name, or an object of a frozen dataclass with "
            f"{', '.join(f'`{name}`' for name in _CONTRACT)}",
            f"the class `{given.__name__}`"
            if isinstance(given, type)
            else f"a `{type(given).__name__}` without {', '.join(lacking) or 'a dataclass'}",
            "examples/own_treatment.py shows one.",
        )
    own = cast("Treatment", given)
    harmless(own.name)
    if own.name in TREATMENTS and TREATMENTS[own.name] is not type(own):
        raise refused(
            "a name that no treatment of the package has",
            f"`{own.name}`",
            f"Call it for example `my_{own.name}`.",
        )
    try:
        json.dumps(treatment_options(own))
    except TypeError as error:
        raise refused(
            "options that the record of a study can hold: numbers, texts, switches and tuples",
            str(error),
            "Let the fields of the treatment be such values.",
        ) from error
    return own
