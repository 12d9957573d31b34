"""The policy of a gate: strict YAML with groups of languages and rules about them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic import ValidationInfo as Info

from isogloss.core import (
    InputError,
    Language,
    closest,
    first_complaint,
    is_switch,
    read_yaml,
    shown,
)

ALL: Final = "all"
_MANUAL: Final = "docs/gate.md lists every key."
_CHECKS: Final = ("largest_loss", "worst_language", "share_hurt")
Name = Annotated[str, Field(min_length=1, max_length=100)]
Limit = Annotated[float, Field(gt=0)] | Literal["metric"]
Part = Annotated[float, Field(gt=0, le=1)]


class _Strict(BaseModel):
    """Refuses unknown keys, numbers that are none, and true for 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: object, info: Info) -> object:
        """Refuse true and false for a number; read a list as the fixed list that it becomes."""
        annotation = cls.model_fields[info.field_name or ""].annotation
        if is_switch(annotation, value):
            raise _refused("a number", shown(value), f"Write a number for `{info.field_name}`.")
        return tuple(value) if isinstance(value, list) else value


class Rule(_Strict):
    """One rule.

    Attributes:
        name: as reports call it.
        tier: `critical` (a cell that is not decided is no pass), `supporting` (a loss fails, an
            open cell is told), `advisory` (told, never in the way).
        languages: codes, names of groups, or `all`.
        tasks: patterns of task names, as `belebele_*`; none = each language as a whole.
        labels: patterns of labels, as `PER`; none = all labels together.
        largest_loss: what a language, task or label may lose, in the metric's unit; `metric` is
            the metric's own smallest effect of interest.
        worst_language: what the mean over its tasks may lose in any language.
        share_hurt: share of the languages that may be HURT.
        required_power: probability that a loss above the limit would have been found, for a cell
            without a significant difference to pass.
    """

    name: Name
    tier: Literal["critical", "supporting", "advisory"] = "critical"
    languages: tuple[Name, ...] | Literal["all"]
    tasks: tuple[Name, ...] = ()
    labels: tuple[Name, ...] = ()
    largest_loss: Limit | None = None
    worst_language: Limit | None = None
    share_hurt: Annotated[float, Field(ge=0, lt=1)] | None = None
    required_power: Part = 0.8

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if all(getattr(self, name) is None for name in _CHECKS):
            raise _refused(
                f"one of {', '.join(_CHECKS)} in each rule",
                f"none in `{self.name}`",
                "Say what may be lost, for example `largest_loss: 0.02`.",
            )
        return self

    @field_validator("languages")
    @classmethod
    def _names_a_language(cls, value: tuple[str, ...] | str) -> tuple[str, ...] | str:
        if not value:
            raise _refused("languages", "an empty list", "Name some, or write `languages: all`.")
        return value


class Policy(_Strict):
    """What a release must keep.

    Attributes:
        rules: all of them are asked.
        groups: names for lists of languages.
        alpha: level of all cells together.
        correction: "holm", "bh" or "by".
        least_examples: a cell with fewer examples (or clusters) is never a pass.
        least_paired: share of the baseline's examples of a language that NEW must have answered.
    """

    rules: tuple[Rule, ...] = Field(min_length=1)
    groups: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    alpha: Part = 0.05
    correction: Literal["holm", "bh", "by"] = "holm"
    least_examples: int = Field(default=30, ge=2)
    least_paired: Part = 0.99

    @field_validator("groups", mode="before")
    @classmethod
    def _lists(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {key: tuple(one) if isinstance(one, list) else one for key, one in value.items()}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = [rule.name for rule in self.rules]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _refused("a name of its own for each rule", f"`{twice}` twice", "Rename one.")
        for name, members in self.groups.items():
            if name == ALL or not members:
                found = "`all`" if name == ALL else f"`{name}` without languages"
                raise _refused("groups of languages", found, "Rename the group, or fill it.")
        for rule in self.rules:
            self.languages_of(rule)
        for name in self.groups:
            self._codes(name)
        return self

    def languages_of(self, rule: Rule) -> tuple[str, ...] | None:
        """Return the languages of a rule, as `swa-Latn`; None = all that there are.

        Raises:
            InputError: a name is neither a group nor a language.
        """
        if ALL in (rule.languages, *rule.languages):
            return None
        found = [code for name in rule.languages for code in self._codes(name)]
        return tuple(dict.fromkeys(found))

    def _codes(self, name: str) -> list[str]:
        where = "a language or a group of the policy"
        if name in self.groups:
            return [str(_language(one, where, self.groups)) for one in self.groups[name]]
        return [str(_language(name, where, self.groups))]


def _language(name: str, where: str, groups: Mapping[str, object]) -> Language:
    try:
        return Language.parse(name, where=where)
    except InputError as error:
        near = closest(name, list(groups))
        step = f"Did you mean the group `{near}`?" if near else error.next_step
        raise _refused(f"{where}", f"`{name}`", step) from error


def read_policy(path: Path) -> Policy:
    """Read the policy of a gate.

    Args:
        path: a YAML file.

    Returns:
        The policy; every key in it is one that is obeyed.

    Raises:
        InputError: there is no such file, it is no YAML, has a key that is not known or a value
            that cannot be, or names a language that is none.
    """
    content = read_yaml(path, what="a policy (YAML)", next_step=_MANUAL)
    if not isinstance(content, dict):
        raise _refused("a policy with the key `rules`", shown(content), _MANUAL, str(path))
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        raise _readable(error, str(path)) from error


def _readable(error: ValidationError, path: str) -> InputError:
    """Return the first complaint of pydantic in our words."""
    first = first_complaint(error)
    # Of a place with several kinds of value pydantic names the kind among the keys.
    known = {*Rule.model_fields, *Policy.model_fields}
    keys = [key for key in first.keys if key.isdigit() or key in known or first.is_unknown_key]
    where = f"{path}: {'.'.join(keys)}" if keys else path
    if first.is_unknown_key:
        names = list(Rule.model_fields if keys[0] == "rules" else Policy.model_fields)
        near = closest(keys[-1], names)
        step = f"Did you mean `{near}`?" if near else "Remove the key."
        return _refused(f"one of the keys {', '.join(names)}", f"`{keys[-1]}`", step, where)
    if first.cause is not None:
        return _refused(first.cause.expected, first.cause.found, first.cause.next_step, where)
    return _refused(first.expected, first.found, _MANUAL, where)


def _refused(expected: str, found: str, next_step: str, where: str = "the policy") -> InputError:
    return InputError(expected=expected, found=found, where=where, next_step=next_step)
