"""Pseudo-tasks: groups of one language's examples in the place of languages."""

from collections.abc import Sequence

from isogloss.core import Language
from isogloss.data import DataSource, EncodedExample, TaskCard, text_groups
from isogloss.tasks import task_form


def group_names(source: Language, n_groups: int) -> tuple[Language, ...]:
    """Return what the groups are called: variants of the language, `eng-Latn-x-g1` and on."""
    return tuple(
        Language(source.code, source.script, source.name, source.family, source.iso639_1, f"g{n}")
        for n in range(1, n_groups + 1)
    )


def grouped(
    source: Language, examples: Sequence[EncodedExample], texts: Sequence[str], n_groups: int
) -> dict[Language, tuple[EncodedExample, ...]]:
    """Divide the examples of a language into groups by their text.

    Args:
        source: the language.
        examples: encoded.
        texts: of each example.
        n_groups: as many as the plan has pseudo-tasks.

    Returns:
        Examples by group.

    Raises:
        InputError: fewer examples than groups.
    """
    groups = text_groups(texts, n_groups).tolist()
    return {
        name: tuple(one for one, group in zip(examples, groups, strict=True) if group == index)
        for index, name in enumerate(group_names(source, n_groups))
    }


def texts_of(source: DataSource, card: TaskCard, language: Language) -> list[str]:
    """Return the text of each training example of a language."""
    form = task_form(card.name)
    return [form.text(one) for one in form.read(source, card.kind, language, "train")]
