"""The checkpoint of a study without the tokens that its data do not need."""

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language
from isogloss.data import DataSource, Text, task_card, texts_of_source, unkept_tokens
from isogloss.models import PRESETS
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.material import SPLITS

# Of each language: its first texts say whether a vocabulary was trimmed to such text.
_LOOKED_AT: Final = 3_000
_MOST_MISSING: Final = 0.05


def body_folder(folder: Path) -> Path:
    """Return where the trimmed checkpoint of a study lies."""
    return folder / "prepared" / "model"


def trim_body(spec: StudySpec, source: DataSource, folder: Path) -> Path:
    """Write the checkpoint of a study, trimmed to all data that the study reads.

    Args:
        spec: of the study.
        source: of its data.
        folder: of the study.

    Returns:
        The folder of the trimmed model.

    Raises:
        InputError: the model cannot be trimmed.
    """
    from isogloss.models import trim_model

    body = body_folder(folder)
    if body.exists():
        shutil.rmtree(body)  # of other data, or another model
    trim_model(spec.model, lambda: _texts(spec, source, spec.languages), body)
    return body


def refuse_uncovered(spec: StudySpec, source: DataSource) -> list[str]:
    """Hold the data of a study to the text that its model's vocabulary was trimmed to.

    Args:
        spec: of the study.
        source: of its data.

    Returns:
        What a reader should know: languages of which a few tokens are missing.

    Raises:
        InputError: of a language more than a few tokens were left out of the model.
    """
    if spec.model in PRESETS:
        return []
    from isogloss.models import read_trimming

    trimming = read_trimming(spec.model)
    if trimming is None:
        return []
    notes: list[str] = []
    for language in spec.languages:
        texts = list(islice(_texts(spec, source, (language,)), _LOOKED_AT))
        missing, n_tokens = unkept_tokens(trimming.tokenizer, texts, trimming.kept)
        share = missing / max(n_tokens, 1)
        if share > _MOST_MISSING:
            raise InputError(
                expected=f"a model whose vocabulary covers the text of {language}",
                found=f"one that was trimmed to other text: {share:.0%} of the tokens of "
                f"{language} are not in it",
                where=spec.model,
                next_step="Trim the whole model again, with this text too (`isogloss trim "
                "--text`), or let the study do it: `model` the whole model, and `trim: true`.",
            )
        if missing:
            notes.append(
                f"{language}: {missing:,} of {n_tokens:,} tokens are not in the vocabulary that "
                f"`{spec.model}` was trimmed to; they are cut into others."
            )
    return notes


def _texts(spec: StudySpec, source: DataSource, languages: tuple[Language, ...]) -> Iterator[Text]:
    """Yield everything that a study reads of some of its languages."""
    cards = [task_card(task) for task in spec.tasks]
    kinds = {"text", "parallel", *(card.kind_of(split) for card in cards for split in SPLITS)}
    return texts_of_source(source, {one.base for one in languages}, kinds)
