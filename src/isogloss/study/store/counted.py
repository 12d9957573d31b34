"""What a plan needs to know of the data, counted: nothing is encoded and nothing is written."""

import warnings
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from isogloss.core import InputError, Language
from isogloss.data import DataSource, DataWarning, TaskCard, forecast_bytes_per_token, task_card
from isogloss.models import model_size
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.claim import refuse_foreign
from isogloss.study.store.material import SPLITS
from isogloss.study.store.prepare import wanted_material
from isogloss.study.store.prepared import Prepared, open_data, open_prepared
from isogloss.tasks import task_form

# Of each language's text: the forecast of its tokens is made from so much.
_SAMPLED_BYTES: Final = 150_000
# More test examples than these change neither the time nor what can be found by much.
_MOST_TESTED: Final = 4_000


def material_of(spec: StudySpec, data: str, folder: Path | None) -> Prepared:
    """Return the material of a study for a plan: what lies in its folder, or what can be counted.

    Args:
        spec: of the study.
        data: folder or mapping of the data.
        folder: of the study; None = it has none yet.

    Raises:
        InputError: a language has no text, a task has no data, data are broken, or the folder is
            one that `run` would refuse to write into.
    """
    if folder is not None:
        refuse_foreign(folder, spec)
    source = open_data(data, spec.samples)
    wanted = wanted_material(spec, source, data)
    if folder is not None:
        try:
            prepared = open_prepared(folder)
        except (OSError, ValueError):
            pass  # nothing was prepared, or it is damaged: `run` makes it anew
        else:
            if prepared.facts["wanted"] == wanted:
                return prepared
    return _count(spec, source, wanted, folder or Path())


def _count(spec: StudySpec, source: DataSource, wanted: dict[str, Any], folder: Path) -> Prepared:
    """Count text and labelled examples."""
    samples = {one: _sample(source, one) for one in spec.languages}
    vocabulary = model_size(spec.model).vocabulary or spec.tokenizer.vocabulary_size
    per_token = forecast_bytes_per_token(samples, vocabulary_size=vocabulary)
    tokens = {
        f"{one}/{split}": int(_bytes(source.text(one, split)) / per_token[one])
        for one in spec.languages
        for split in SPLITS
    }
    facts: dict[str, Any] = {
        "wanted": wanted,
        "tokens": tokens,
        "bytes_per_token": {str(one): rate for one, rate in per_token.items()},
        "hashes": wanted["fingerprints"],
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        facts["examples"] = {task: _examples(task_card(task), spec, source) for task in spec.tasks}
    facts["warnings"] = list(dict.fromkeys(str(one.message) for one in caught))
    return Prepared(folder, facts, source)


def _sample(source: DataSource, language: Language) -> list[str]:
    """Return the first lines of a language's training text."""
    lines, n_bytes = list[str](), 0
    for line in source.text(language, "train"):
        if not line.strip():
            continue
        lines.append(line)
        n_bytes += len(line.encode())
        if n_bytes > _SAMPLED_BYTES:
            break
    for split in SPLITS:
        if not any(line.strip() for line in source.text(language, split)):
            raise InputError(
                expected=f"text for the {split} split of {language}",
                found="no line",
                where=source.where,
                next_step="Add text, or leave the language out.",
            )
    return lines


def _bytes(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _examples(card: TaskCard, spec: StudySpec, source: DataSource) -> dict[str, dict[str, int]]:
    """Return the examples of each language and split, counted no further than they are used.

    Of training data a study takes `max_examples`; dev data need only be there, and are not read.
    """
    form = task_form(card.name)
    limits = {"train": spec.finetuning.of(card.name).max_examples, spec.scored_on: _MOST_TESTED}
    return {
        str(language): {
            split: sum(
                1
                for _ in islice(
                    form.read(source, card.kind_of(split), language, split), limits[split]
                )
            )
            if split in limits
            else 1
            for split in SPLITS
            if source.has(card.kind_of(split), language, split)
        }
        for language in spec.languages
    }
