"""From a study file, or what it holds, to the checked spec of its kind."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from isogloss.core import InputError, closest, first_complaint, read_yaml, shown
from isogloss.study.plan.kinds import STUDY_KINDS
from isogloss.study.spec.files import apply_override, lay_profile, study_file
from isogloss.study.spec.settings import LISTED, STAGES
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.treatment_entry import TreatmentEntry


def parse_spec(content: object, where: str) -> StudySpec:
    """Check the content of a study file.

    Args:
        content: what YAML read.
        where: the file, for messages.

    Raises:
        InputError: an unknown key (with the nearest known one), a wrong type, a missing key.
    """
    if not isinstance(content, dict):
        raise InputError(
            expected="a study: keys and values, at least `name` and `mixtures`",
            found="a list" if isinstance(content, list) else shown(content),
            where=where,
            next_step="Start from a bundled study: `isogloss list studies`.",
        )
    model = _kind_of(cast("dict[str, Any]", content), where)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _readable(error, where, model) from error


def _kind_of(content: Mapping[str, Any], where: str) -> type[StudySpec]:
    """Return the class of a study's kind."""
    named = content.get("treat", StudySpec.model_fields["treat"].default)
    if isinstance(named, str) and named in STUDY_KINDS:
        return STUDY_KINDS[named].spec
    near = closest(str(named), list(STUDY_KINDS))
    raise InputError(
        expected=f"what the treatments are applied to, one of {', '.join(STUDY_KINDS)}",
        found=shown(named),
        where=f"{where}: treat",
        next_step=f"Did you mean `{near}`?" if near else "docs/studies.md explains the kinds.",
    )


def load_spec(path: Path, overrides: tuple[str, ...] = (), profile: str = "") -> StudySpec:
    """Read a study file, lay a profile over it and apply `a.b=c` overrides.

    Args:
        path: of the file, or the name of a bundled study.
        overrides: each `a.b=c`, applied last.
        profile: a key of the file's `profiles`; may be left out where there is only one way.

    Raises:
        InputError: the file is missing, is no YAML, or does not describe a study; the profile is
            not there, or there are profiles and none is named.
    """
    next_step = "`isogloss list studies` shows the bundled studies; docs/studies.md explains them."
    path = study_file(path)
    content = read_yaml(path, what="a study file (YAML)", next_step=next_step)
    if isinstance(content, dict):
        content = lay_profile(cast("dict[str, Any]", content), profile, str(path))
        for override in overrides:
            apply_override(content, override)
    return parse_spec(content, str(path))


def _readable(error: ValidationError, where: str, model: type[StudySpec]) -> InputError:
    """Turn the first complaint of pydantic into one of ours."""
    first = first_complaint(error)
    first = replace(first, keys=tuple(key for key in first.keys if key not in (LISTED, STAGES)))
    place = f"{where}: {'.'.join(first.keys)}" if first.keys else where
    if first.is_unknown_key:
        known = list(_model_at(model, first.keys[:-1]).model_fields)
        near = closest(first.keys[-1], known)
        return InputError(
            expected=f"one of the keys {', '.join(known)}",
            found=f"`{first.keys[-1]}`",
            where=place,
            next_step=f"Did you mean `{near}`?" if near else "Remove the key.",
        )
    if first.cause is not None:
        cause = first.cause
        return InputError(
            expected=cause.expected, found=cause.found, where=place, next_step=cause.next_step
        )
    return InputError(
        expected=first.expected,
        found=first.found,
        where=place,
        next_step="docs/studies.md lists every key with its type.",
    )


def _model_at(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel]:
    """Return the model that holds the key at `path` below one."""
    for part in path:
        field = model.model_fields.get(part)
        kinds = () if field is None else (field.annotation, *get_args(field.annotation))
        inner = [one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)]
        if inner and get_origin(field.annotation if field else None) is not tuple:
            model = inner[0]
        elif part.isdigit():
            model = TreatmentEntry
    return model
