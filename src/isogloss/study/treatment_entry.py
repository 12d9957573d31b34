"""One line of a study's treatments: a name, or a name with options and a label."""

from typing import Any, Final

from pydantic import Field, model_validator

from isogloss.study.settings import Strict, refused
from isogloss.treatments import TREATMENTS, build_treatment

# What every study has, for the other treatments to be compared with.
CONTROLS: Final = ("untreated", "monolingual")


class TreatmentEntry(Strict):
    """One treatment with its options; written `name` or `name: {option: value}`.

    Attributes:
        label: what it is called in tables, so that a study can hold two settings of one treatment;
            its name where none is given.
        updates_factor: times the updates of the untreated joint run, for comparisons at equal
            compute with a treatment whose update costs more.
    """

    name: str
    options: dict[str, Any] = Field(default_factory=dict)
    label: str = ""
    updates_factor: float = Field(default=1.0, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and "name" not in value:
            names = [key for key in value if key not in ("label", "updates_factor")]
            if len(names) == 1:
                others = {key: item for key, item in value.items() if key != names[0]}
                return {"name": names[0], "options": value[names[0]] or {}, **others}
        return value

    @model_validator(mode="after")
    def _is_known(self) -> "TreatmentEntry":
        build_treatment(self.name, self.options)
        if not self.label:
            object.__setattr__(self, "label", self.name)
        if self.label != self.name and (self.name in CONTROLS or self.label in TREATMENTS):
            raise refused(
                "a label that is no treatment's name, and none for the controls",
                f"`{self.label}` for `{self.name}`",
                f"Use for example `{self.name}_2`, or leave the label out.",
            )
        return self
