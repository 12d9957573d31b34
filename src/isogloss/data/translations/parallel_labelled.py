"""Translations that the data hold already: labelled data that are parallel across languages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, final

from isogloss.core import InputError, Language
from isogloss.data.readers import ClassifiedText, TaggedSentence
from isogloss.data.sources.protocol import DataSource, Unit
from isogloss.data.translations.contract import (
    Example,
    Labels,
    Material,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.joining import (
    join_by_identifier,
    last_place,
    refuse_unequal,
    without_tags,
)


@final
@dataclass(frozen=True)
class ParallelLabelled:
    """Human translations out of the study's data: the same split in the other language.

    Sentences of PUD treebanks share their `sent_id`, questions of XQuAD and MLQA their id,
    sentences of FLORES (SIB-200) their `index_id`; pairs of XNLI stand on the same line in every
    language.

    At test time these are gold parallel text, which nobody has for a new input: an oracle.

    Attributes:
        tags: of translated sentences: "hidden", as where nobody annotated the target language, or
            "gold".
    """

    tags: Literal["hidden", "gold"] = "hidden"

    name: ClassVar[str] = "parallel_labelled"
    what: ClassVar[str] = "Labelled data that are parallel across languages, joined by identifier."

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples joined to those of the same identifier in the target language."""
        _refuse_absent(wanted, material)
        others: Sequence[Example] = read_like(
            material.source, wanted.kind, wanted.target, wanted.split, like=examples
        )
        where = material.source.where
        if (n_others := last_place(others)) is not None:
            whole = read_like(
                material.source, wanted.kind, wanted.source, wanted.split, like=examples
            )
            refuse_unequal(last_place(whole) or 0, n_others, wanted, where)
        pairs, skipped = join_by_identifier(examples, others, wanted, where)
        labels: Labels = "gold"
        if self.tags == "hidden" and isinstance(examples[0], TaggedSentence):
            labels = "hidden"
            pairs = tuple(replace(one, translation=without_tags(one.translation)) for one in pairs)
        provenance = Provenance(self.name, "human", wanted.kind)
        return Translations(wanted, provenance, labels, pairs, skipped)

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return the hash of the data in the target language, and of the option."""
        _refuse_absent(wanted, material)
        found = material.source.fingerprint(wanted.kind, wanted.target, wanted.split)
        return f"{self.name} {self.tags} {found}"


def _refuse_absent(wanted: Wanted, material: Material) -> None:
    """Refuse a language that the data do not have in this kind and split."""
    if material.source.has(wanted.kind, wanted.target, wanted.split):
        return
    there = [
        str(language)
        for language in material.source.languages(wanted.kind)
        if material.source.has(wanted.kind, language, wanted.split)
    ]
    raise InputError(
        expected=f"{wanted.kind} {wanted.split} data in {wanted.target}, as translations of those "
        f"in {wanted.source}",
        found=f"{wanted.kind} {wanted.split} in {', '.join(there) or 'no language'}",
        where=f"{material.source.where}, `translations`",
        next_step="Add the data, leave the language out, or name another `provider`.",
    )


def read_like(
    source: DataSource, kind: str, language: Language, split: str, *, like: Sequence[Example]
) -> list[Example]:
    """Return labelled data of the same form as some examples.

    Where dev data are held out from training data, languages hold out different examples: both
    parts are read.

    Args:
        source: the data.
        kind: such as `nli` or `qa.xquad`.
        language: of the examples that are read.
        split: `train`, `dev` or `test`.
        like: examples whose form says how the data are read; at least one.
    """
    is_cut = Unit(kind, (language,), "dev") in source.held_out()
    splits = ("train", "dev") if is_cut and split != "test" else (split,)
    read: Any = source.questions
    if isinstance(like[0], ClassifiedText):
        read = source.classified
    elif isinstance(like[0], TaggedSentence):
        read = source.tagged
    return [one for part in splits for one in read(kind, language, part)]
