"""One treatment of a study: a name of the table with its options, or an object of one's own."""

import dataclasses
import itertools
import json
import math
from dataclasses import dataclass
from typing import Any, Final, Self, cast

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    field_validator,
    model_validator,
)

from isogloss.core import look_up, shown
from isogloss.study.spec.settings import Strict, harmless, refused
from isogloss.training import OptimizerStep, TrainingPlan
from isogloss.treatments import TREATMENTS, Treatment, build, treatment_options

CONTROLS: Final = ("untreated", "monolingual")
_CONTRACT: Final = ("name", "parts", "separate", "claim", "apply", "candidates")
_OWN_KEYS: Final = ("label", "updates_factor", "learning_rate", "choose")
_MOST_CANDIDATES: Final = 64


@dataclass(frozen=True)
class Setting:
    """One way to apply a treatment, of which dev loss may choose one.

    Attributes:
        treatment: with its options.
        learning_rate: peak rate in place of the study's; None = the study's.
    """

    treatment: Treatment
    learning_rate: float | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The treatment's options, with the learning rate where it has one of its own."""
        rate = {} if self.learning_rate is None else {"learning_rate": self.learning_rate}
        return {**treatment_options(self.treatment), **rate}

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return an untreated plan, treated, at the setting's learning rate."""
        if self.learning_rate is not None:
            assert isinstance(plan.step, OptimizerStep)
            adamw = dataclasses.replace(plan.step.optimizer, learning_rate=self.learning_rate)
            plan = dataclasses.replace(plan, step=dataclasses.replace(plan.step, optimizer=adamw))
        return self.treatment.apply(plan)


class TreatmentEntry(Strict):
    """One treatment with its options; written `name` or `name: {option: value}`.

    From Python the name may be an object with `apply(plan)`, a treatment that the package does not
    know; see `Treatment` for what it promises.

    Attributes:
        label: what it is called in tables, so that a study can hold two settings of one treatment;
            its name where none is given.
        updates_factor: times the updates of the untreated joint run, for comparisons at equal
            compute with a treatment whose update costs more.
        learning_rate: peak rate of the treated training, in place of the study's.
        choose: options, and `learning_rate`, with several values each; every combination is
            trained on the choice seed, and the one with the lowest mean dev loss on all seeds.
    """

    name: str
    options: dict[str, Any] = Field(default_factory=dict)
    label: str = ""
    updates_factor: float = Field(default=1.0, gt=0, le=1000)
    learning_rate: float | None = Field(default=None, gt=0, le=1)
    choose: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
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
        self._refuse_unusable_choice()
        self.settings()
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

    def settings(self) -> tuple[Setting, ...]:
        """Return the settings to choose from by dev loss; one = nothing to choose."""
        found = list[Setting]()
        for values in itertools.product(*self.choose.values()):
            taken = dict(zip(self.choose, values, strict=True))
            rate = taken.pop("learning_rate", self.learning_rate)
            built = build(self.kind, {**self.options, **taken})
            found += [Setting(one, rate) for one in built.candidates()]
        return tuple(found)

    def _refuse_unusable_choice(self) -> None:
        """Refuse values of `choose` that are none, or that stand elsewhere too."""
        for key, values in self.choose.items():
            given = (
                self.learning_rate is not None if key == "learning_rate" else key in self.options
            )
            if not values or given:
                raise refused(
                    f"one value or more for `choose.{key}`, and none beside it",
                    "none" if not values else f"another value of `{key}` for `{self.name}`",
                    f"Write `choose: {{{key}: [0.1, 0.2]}}`, or `{key}` alone.",
                )
        rates = self.choose.get("learning_rate", ())
        bad = [one for one in rates if not isinstance(one, int | float) or not 0 < one <= 1]
        if bad or any(isinstance(one, bool) for one in rates):
            raise refused(
                "learning rates above 0 and at most 1",
                shown(rates),
                "Use for example `choose: {learning_rate: [3.0e-5, 1.0e-4]}`.",
            )
        if self.choose and self.name == "monolingual":
            raise refused(
                "no choice for `monolingual`, whose trainings are of one language each",
                f"`choose: {shown(self.choose)}`",
                "Give it a `learning_rate`.",
            )
        n_settings = math.prod(map(len, self.choose.values()))
        if n_settings > _MOST_CANDIDATES:
            raise refused(
                f"at most {_MOST_CANDIDATES} combinations of `choose`",
                f"{n_settings} for `{self.name}`",
                "Leave values out.",
            )


def _long_form(value: object) -> object:
    """Return what was written with the keys `name` and `options`."""
    if isinstance(value, str) or (dataclasses.is_dataclass(value) or hasattr(value, "apply")):
        return {"name": value}
    if isinstance(value, dict) and "name" not in value:
        names = [key for key in value if key not in _OWN_KEYS]
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
