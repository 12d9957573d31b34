"""What a model with language-specific modules refuses."""

from collections.abc import Sequence

from torch import Tensor

from isogloss.core import InputError, Language


def distinct_languages(languages: Sequence[Language]) -> tuple[Language, ...]:
    """Return the languages of a model.

    Raises:
        InputError: there are none, or one is there twice.
    """
    if languages and len(set(languages)) == len(languages):
        return tuple(languages)
    raise InputError(
        expected="one or more different languages",
        found=", ".join(map(str, languages)) or "none",
        where="languages of the model",
        next_step="Name each language once.",
    )


def refuse_second(kind: str, layer: int, twice: set[str]) -> None:
    """Refuse a module in the place of a part that another one stands for already.

    Args:
        kind: of the module.
        layer: its number.
        twice: paths of the parts that both would replace.

    Raises:
        InputError: there are such parts.
    """
    if twice:
        raise InputError(
            expected=f"one set of `{kind}` modules in a layer: they replace what is there",
            found=f"a second one in layer {layer}",
            where=f"layers of the `{kind}` modules",
            next_step="Give each set other layers.",
        )


def refuse_long_rows(input_ids: Tensor, longest: int) -> None:
    """Refuse rows for which a model has no positions.

    Args:
        input_ids: shape [rows, length].
        longest: positions of the model.

    Raises:
        InputError: the rows are longer.
    """
    if input_ids.shape[1] > longest:
        raise InputError(
            expected=f"sequences of at most {longest} tokens",
            found=f"{input_ids.shape[1]} tokens",
            where="`input_ids` of the batch",
            next_step="Lower `length`, or take a model with more positions.",
        )
