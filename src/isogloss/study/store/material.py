"""What a study would train on, looked at as a whole before anything is trained."""

import json
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language
from isogloss.data import DataSource, EncodedCorpus, check_data, task_card
from isogloss.diagnosis import Standing
from isogloss.study.spec.spec import StudySpec

SPLITS: Final = ("train", "dev", "test")
FORGETTING_LENGTH: Final = 64
"""Positions of the rows that what a fine-tuning forgot is measured on."""


def check_material(spec: StudySpec, source: DataSource) -> list[str]:
    """Check the data that a study uses as `data check` does.

    Args:
        spec: of the study.
        source: of its data.

    Returns:
        What was found and can be used.

    Raises:
        InputError: something was found that makes the data unusable.
    """
    # Samples of a language are its own text, and read where it is.
    languages = {language.base for language in spec.languages}
    cards = [task_card(task) for task in spec.tasks]
    read = {("text", split) for split in SPLITS} | {("parallel", spec.scored_on)}
    read |= {(card.kind_of(split), split) for card in cards for split in SPLITS}
    units = [
        unit
        for unit in source.units()
        if (unit.kind, unit.split) in read and languages.issuperset(unit.languages)
    ]
    checked = check_data(source, units, largest_overlap=spec.largest_overlap)
    errors = [one for one in checked.findings if one.severity == "error"]
    if not errors:
        return [f"{one.where}: {one.text}" for one in checked.findings]
    first, *others = errors
    if first.cause is not None:
        raise first.cause
    more = f" (and {len(others)} more)" if others else ""
    raise InputError(
        expected="data fit to train on",
        found=f"{first.text}{more}",
        where=f"{first.where} in {source.where}",
        next_step=f"Mend the data; `isogloss data check {source.where}` lists all that is wrong. "
        "`largest_overlap` in the study says how much text may stand twice.",
    )


def refuse_destroyed(model: str) -> None:
    """Refuse the model of a run whose training destroyed the checkpoint that it started from.

    Args:
        model: preset, folder or hub name.

    Raises:
        InputError: beside the folder lies the result of such a run.
    """
    try:
        result = json.loads((Path(model).parent / "result.json").read_text(encoding="utf-8"))
        found = result["guard"]
        start, end = (Standing(**found[key]) for key in ("start", "end"))
    except (OSError, ValueError, LookupError, TypeError):
        return  # not the model of a run that started from a checkpoint
    if found["destroyed"]:
        raise InputError(
            expected="a checkpoint that its training has not destroyed",
            found=f"dev loss {_went(start.mean_nats, end.mean_nats)} nats, retrieval of "
            f"translations {_went(start.mean_retrieval, end.mean_retrieval)}",
            where=model,
            next_step="Start from the checkpoint of before, and train at a lower learning rate.",
        )


def _went(before: float | None, after: float | None) -> str:
    known = before is not None and after is not None
    return f"{before:.2f} -> {after:.2f}" if known else "not measured"


def refuse_short_text(
    spec: StudySpec, corpus: Callable[[Language, str], EncodedCorpus], where: str
) -> None:
    """Refuse text that does not fill one row.

    Args:
        spec: of the study.
        corpus: gives the encoded text of a language and split.
        where: place of the data, for the message.

    Raises:
        InputError: training, dev or test text of a language is shorter than a row.
    """
    length = spec.pretraining.length
    for language in spec.languages:
        for split in SPLITS:
            measured = "forgetting" in spec.asked_measurements and split == spec.scored_on
            needed = (max(length, FORGETTING_LENGTH) if measured else length) - 1
            text = corpus(language, split)
            if text.n_tokens < needed:
                n_bytes = ceil(text.n_bytes * needed / text.n_tokens)
                raise InputError(
                    expected=f"text for at least one sequence of {needed + 1} tokens: {needed} "
                    f"tokens of text, about {n_bytes} bytes",
                    found=f"{text.n_tokens} tokens, {text.n_bytes} bytes",
                    where=f"{split} text of {language} in {where}",
                    next_step="Add text, or set `pretraining.length` lower.",
                )
