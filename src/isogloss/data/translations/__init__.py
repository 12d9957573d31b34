"""Translations of labelled examples, each with where it comes from.

A provider takes examples of one language and returns them joined to the same examples in another
one. For training, English examples are translated into the language that is learned
(translate-train); at test time, test examples are translated into English (translate-test). Every
`Translations` says who made it, what its labels are worth and what was left out, and whether it is
an oracle.
"""

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from isogloss.core import InputError, closest, first_complaint, look_up
from isogloss.data.readers import DataWarning
from isogloss.data.translations.archive import Archive
from isogloss.data.translations.contract import (
    Example,
    Material,
    Provenance,
    Provider,
    Translated,
    Translations,
    Wanted,
)
from isogloss.data.translations.dictionary import Dictionary, by_words, switched
from isogloss.data.translations.function import Function
from isogloss.data.translations.joining import identifier_of
from isogloss.data.translations.lexicon import Lexicon
from isogloss.data.translations.machine import Machine
from isogloss.data.translations.parallel_files import ParallelFiles
from isogloss.data.translations.parallel_labelled import ParallelLabelled

PROVIDERS: Final[Mapping[str, type[Provider]]] = {
    "archive": Archive,
    "parallel_files": ParallelFiles,
    "parallel_labelled": ParallelLabelled,
    "dictionary": Dictionary,
    "machine": Machine,
    "callable": Function,
}

__all__ = [
    "PROVIDERS",
    "Dictionary",
    "Lexicon",
    "Material",
    "Provenance",
    "Provider",
    "Translated",
    "Translations",
    "Wanted",
    "build_provider",
    "by_words",
    "switched",
    "translate_examples",
]

_SELF: Final = Provenance("self", "self", "")


def translate_examples(
    provider: Provider, examples: Sequence[Example], wanted: Wanted, material: Material
) -> Translations[Example]:
    """Return examples joined to their translations, in the order of the examples.

    Where source and target are one language, each example is its own translation (the pair
    (x, x) of X-Mixup and FILTER for English).

    Args:
        provider: of the translations.
        examples: of one kind, language and split; at least one.
        wanted: what they are, and the language that they are wanted in.
        material: what the provider may read.

    Returns:
        At least one pair. What was skipped is counted in it and told by a `DataWarning`.

    Raises:
        InputError: there are no such translations, or none of the examples has one.
    """
    if not examples:
        raise InputError(
            expected="at least one example to translate",
            found="none",
            where=f"{wanted}",
            next_step="Add data of the language, or leave it out.",
        )
    if wanted.source == wanted.target:
        pairs = tuple(Translated(identifier_of(one), one, one) for one in examples)
        return Translations(wanted, _SELF, "gold", pairs)
    found = provider.translate(examples, wanted, material)
    said = "; ".join(f"{n}: {reason}" for reason, n in found.skipped.items())
    if not found.pairs:
        raise InputError(
            expected=f"translations of {len(examples)} examples",
            found=f"none; {said}" if said else "none",
            where=f"translations by `{provider.name}`, {wanted}",
            next_step="Name another `provider` under `translations`, or leave the language out.",
        )
    if said:
        warnings.warn(
            f"translations by `{provider.name}`, {wanted}: {len(examples) - len(found.pairs)} of "
            f"{len(examples)} examples have none and were left out ({said})",
            DataWarning,
            stacklevel=2,
        )
    return found


def build_provider(settings: Mapping[str, Any], where: str = "translations") -> Provider:
    """Return the provider that a study's `translations` name, with its options checked.

    Args:
        settings: `provider` and its options.
        where: the place, for messages.

    Raises:
        InputError: no such provider, an unknown option, or a value that it cannot have.

    Example:
        >>> build_provider({"provider": "parallel_labelled", "tags": "gold"})
        ParallelLabelled(tags='gold')
    """
    kind = look_up(PROVIDERS, str(settings.get("provider", "none")), "provider of translations")
    assert dataclasses.is_dataclass(kind)
    options = {key: value for key, value in settings.items() if key != "provider"}
    known = [field.name for field in dataclasses.fields(kind)]
    unknown = next((key for key in options if key not in known), None)
    if unknown is not None:
        near = closest(unknown, known)
        raise InputError(
            expected=f"options of `{kind.name}`: {', '.join(known) or 'none'}",
            found=f"`{unknown}`",
            where=where,
            next_step=f"Did you mean `{near}`?" if near else "Remove the option.",
        )
    try:
        return TypeAdapter(kind).validate_python(options)
    except ValidationError as error:
        first = first_complaint(error)
        if first.cause is not None:
            raise first.cause from error
        raise InputError(
            expected=f"{first.expected} for `{'.'.join(first.keys)}`",
            found=first.found,
            where=f"{where}, provider `{kind.name}`",
            next_step="`isogloss list translations` shows the options of every provider.",
        ) from error
