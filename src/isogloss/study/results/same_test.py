"""Whether two studies were put to the same test: tokenizer, split, examples and their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isogloss.core import InputError, read_yaml

_NEXT = "Give that study's command again: finished runs are kept, the file is written anew."


@dataclass(frozen=True)
class Provenance:
    """What a study was tested with, as its `spec.yaml` says.

    Attributes:
        folder: of the study.
        scored_on: split that its scores come from.
        tokenizer: fingerprint.
        vocabulary_size: that was asked for.
        length: tokens of a row of text; a test of masked text is cut into such rows.
        data: fingerprint of each file by kind or task, language and split.
    """

    folder: Path
    scored_on: str
    tokenizer: str
    vocabulary_size: int
    length: int
    data: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> "Provenance":
        """Read the provenance of a study.

        Raises:
            InputError: it has none, or a damaged one.
        """
        path = folder / "spec.yaml"
        what = "the spec.yaml of a finished study, with the fingerprints of its data"
        content: Any = read_yaml(path, what=what, next_step=_NEXT)
        try:
            return cls(
                folder,
                str(content.get("scored_on", "test")),
                str(content["provenance"]["tokenizer"]),
                int(content["tokenizer"]["vocabulary_size"]),
                int(content["pretraining"]["length"]),
                {str(key): str(value) for key, value in content["provenance"]["data"].items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                expected=what,
                found=f"none in it ({type(error).__name__}: {error})",
                where=str(path),
                next_step=_NEXT,
            ) from error


def refuse_other_tests(first: Provenance, second: Provenance) -> None:
    """Refuse two studies none of whose scores can be set side by side.

    Args:
        first: provenance of one study.
        second: of the other.

    Raises:
        InputError: they are scored on different splits, or with different tokenizers.
    """
    where = f"{first.folder} and {second.folder}"
    if first.scored_on != second.scored_on:
        raise InputError(
            expected="two studies scored on the same split of the data",
            found=f"{first.scored_on} and {second.scored_on}",
            where=where,
            next_step="Run one of them again with the other's `scored_on`.",
        )
    if first.tokenizer != second.tokenizer:
        sizes = f"{first.vocabulary_size} and {second.vocabulary_size}"
        raise InputError(
            expected="two studies with the same tokenizer: models with another vocabulary predict "
            "other tokens, and their scores cannot be paired",
            found=f"two tokenizers, of {sizes} tokens as asked for",
            where=where,
            next_step="Run one of them again with the other's `tokenizer` section, languages and "
            "data.",
        )


def refuse_other_examples(first: Provenance, second: Provenance, number: Mapping[str, str]) -> None:
    """Refuse to pair the scores of one number where the test examples are not the same.

    Args:
        first: provenance of one study.
        second: of the other.
        number: its `task` and `target_language`.

    Raises:
        InputError: other files, the same files in another order or otherwise cut, or no record of
            what they were.
    """
    task, language = number["task"], number["target_language"]
    kind = {"masked_lm": "text", "retrieval": "parallel"}.get(task, task)
    key = f"{kind}/{language}/{first.scored_on}"
    for one in (first, second):
        if key not in one.data:
            raise InputError(
                expected=f"the fingerprint of the {task} {one.scored_on} data of {language}",
                found="none",
                where=str(one.folder / "spec.yaml"),
                next_step=_NEXT,
            )
    if first.data[key] != second.data[key]:
        raise _different(number, f"two versions of the {first.scored_on} data (`{key}`)")
    if task == "masked_lm" and first.length != second.length:
        raise _different(
            number, f"text in sequences of {first.length} and of {second.length} tokens"
        )


def _different(number: Mapping[str, str], found: str) -> InputError:
    return InputError(
        expected="the same test examples in both studies, in the same order",
        found=found,
        where=f"{number['task']}, {number['target_language']}",
        next_step="Compare studies that were tested on the same files with the same settings.",
    )
