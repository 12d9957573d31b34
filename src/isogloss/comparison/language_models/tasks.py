"""From two model folders and labelled data to the per-example scores of both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd
import torch
from torch import nn

from isogloss.comparison.language_models.labelled_parts import (
    Part,
    labelled_parts,
    parallel_parts,
    same_labels,
)
from isogloss.comparison.language_models.store import ShardStore, model_identity
from isogloss.comparison.readers import read_scores
from isogloss.comparison.scored import Scored
from isogloss.comparison.writing import SCORES
from isogloss.core import InputError, Language
from isogloss.data import TASKS, DataSource, load_tokenizer, open_source
from isogloss.evaluation import Cell, LabelledTest, PredictionTable, evaluate_retrieval
from isogloss.models import FinishedHead, MultilingualModel, create_model
from isogloss.tasks import FORMS

Tell = Callable[[str], None]
_Model = TypeVar("_Model", bound=nn.Module)
_SIDES: Final = ("BASE", "NEW")
# Most positions of a row: a window of a paragraph, and a text.
_WINDOW, _LENGTH = 384, 512
# What the counts of a metric are called as columns of a score file.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "entity_f1": ("true_positive", "predicted", "gold"),
    "qa_f1": ("answer_f1", "total"),
    "retrieval_accuracy": ("retrieved", "total"),
}
_RIGHT: Final = ("correct", "total")


def score_tasks(
    base: Path,
    new: Path,
    data: Path,
    out: Path,
    *,
    most: int | None = None,
    tell: Tell = lambda _: None,
) -> tuple[Scored, Scored]:
    """Score two models on the same labelled examples, language by language.

    Models with the head of a task (tags of words, classes of texts or pairs, answers in a
    paragraph) are scored on all data of that form whose labels the heads know. Encoders without
    such a head are scored on parallel text: is its translation the nearest of all sentences? Words,
    texts and sentences are scored, so the tokenizers may differ.

    Args:
        base: folder of the reference.
        new: folder of the other model.
        data: folder or mapping, as `open_source` takes it; test data, or dev where there are none.
        out: gets `scores/tasks/BASE` and `scores/tasks/NEW`; what is there already is not scored
            again.
        most: examples of a data set and language, from the first on; None = all.
        tell: is told how far it is.

    Returns:
        The scores of both, an example a sentence, text, question or translation.

    Raises:
        InputError: the heads are of two kinds or have other labels, or no data fit them.
    """
    source, folders = open_source(data), (base, new)
    parts, sides, said = _planned(source, folders)
    for name, side in zip(_SIDES, sides, strict=True):
        store = ShardStore(out / SCORES / "tasks" / name, _made_with(side, source, parts, most))
        for part in parts:
            if not store.has(part.name, 0):
                store.write(part.name, 0, side.table(source, part, most))
            tell(f"{name} {part.name}")
    splits = " and ".join(sorted({one.split for one in parts}))
    tasks = ", ".join(sorted({one.kind for one in parts}))
    told = (f"Scored on the {splits} data of {source.where}: {tasks}.", *said)
    found = [read_scores(out / SCORES / "tasks" / name) for name in _SIDES]
    first, second = (
        replace(one, source=str(folder), notices=(*told, *one.notices))
        for one, folder in zip(found, folders, strict=True)
    )
    return first, second


def _planned(
    source: DataSource, folders: Sequence[Path]
) -> "tuple[list[Part], list[_Head] | list[_Encoder], list[str]]":
    """Return what is scored, by which models, and what is not and why.

    Raises:
        InputError: the heads are of two kinds or have other labels, or no data fit them.
    """
    heads = [FinishedHead.of(one) for one in folders]
    forms = [one and one.form for one in heads]
    if forms[0] != forms[1]:
        named = [(one or "none of a task").replace("_", " ") for one in forms]
        raise _refusal(
            "heads of the same task in both folders",
            f"{named[0]} in BASE, {named[1]} in NEW",
            " and ".join(map(str, folders)),
            "Give two fine-tuned models, or two encoders without the head of a task.",
        )
    own = [one for one in heads if one is not None]
    if not own:
        parts = parallel_parts(source)
        languages = tuple(dict.fromkeys(one for part in parts for one in part.languages))
        return parts, [_Encoder(one, languages) for one in folders], []
    labels = same_labels([one.labels for one in own], folders) if own[0].labels else None
    parts, names, said = labelled_parts(source, own[0].form, labels)
    return parts, [_Head(one, names) for one in own], said


class _Head:
    """A model with the head of a task; it is read when the first part is missing.

    Args:
        head: of its folder.
        names: for each kind of data the data's name of each of the head's labels; None where there
            are no labels.
    """

    def __init__(self, head: FinishedHead, names: Mapping[str, Mapping[str, str]] | None) -> None:
        self.folder, self.head, self.names = head.folder, head, names
        self.tokenizer = load_tokenizer(self.folder)
        self.longest = head.longest(self.tokenizer)
        self._model: nn.Module | None = None

    def table(self, source: DataSource, part: Part, most: int | None) -> pd.DataFrame:
        """Return the scores of one part."""
        form, [language] = FORMS[self.head.form], part.languages
        examples: Sequence[Any] = form.read(source, part.kind, language, part.split)[:most]
        if self._model is None:
            self._model = _on_device(self.head.read(self.tokenizer))
        names = {} if self.names is None else self.names[part.kind]
        test = LabelledTest(
            labels=[names.get(one, one) for one in self.head.labels],
            tokenizer=self.tokenizer,
            max_length=min(self.longest, _WINDOW if self.names is None else _LENGTH),
            kind=part.kind,
        )
        base = part.kind.partition(".")[0]
        card = next(one for one in TASKS.values() if one.kind.partition(".")[0] == base)
        cell = Cell.of(part.kind, card.metric, language, language)
        found, *_ = form.evaluate(self._model, examples, test, 0, cell)
        texts = [form.text(one) for one in examples]
        table = _table(found, part, _digest_of(source, part), texts)
        if self.names is None:
            passages = [sha256(one.context.encode()).hexdigest()[:12] for one in examples]
            return table.assign(cluster=passages)
        return table


class _Encoder:
    """An encoder without the head of a task, asked for translations."""

    def __init__(self, folder: Path, languages: tuple[Language, ...]) -> None:
        self.folder, self.languages = folder, languages
        self.tokenizer = load_tokenizer(folder)
        self._model: MultilingualModel | None = None

    def table(self, source: DataSource, part: Part, most: int | None) -> pd.DataFrame:
        """Return the scores of one part."""
        pivot, other = part.languages
        pairs = source.pairs(pivot, other, part.split, kind=part.kind)[:most]
        if self._model is None:
            self._model = _on_device(
                create_model(
                    self.folder, tokenizer=self.tokenizer, languages=self.languages, seed=0
                )
            )
        first, second = (self.languages.index(one) for one in part.languages)
        cell = Cell.of(part.kind, "retrieval_accuracy", *part.languages)
        found = evaluate_retrieval(self._model, pairs, self.tokenizer, (first, second), cell=cell)
        return _table(found, part, _digest_of(source, part), [there for _, there in pairs])


def _table(found: PredictionTable, part: Part, digest: str, texts: Sequence[str]) -> pd.DataFrame:
    """Return a part's scores as a table that `read_scores` reads."""
    columns = _COLUMNS.get(found.cell.metric, _RIGHT)
    of_pair = f" {part.languages[0]}" if len(part.languages) == 2 else ""
    return pd.DataFrame(
        {
            "example": [f"{at}:{digest[:12]}" for at in range(1, len(texts) + 1)],
            "language": str(part.languages[-1]),
            "task": part.kind + of_pair,
            "length": [len(one) for one in texts],
            **{name: found.counts[:, place] for place, name in enumerate(columns)},
        }
    )


def _on_device(model: _Model) -> _Model:
    nn.Module.to(model, "cuda" if torch.cuda.is_available() else "cpu")
    return model


def _digest_of(source: DataSource, part: Part) -> str:
    found = [source.fingerprint(part.kind, one, part.split) for one in part.languages]
    return sha256("".join(found).encode()).hexdigest()


def _made_with(
    side: "_Head | _Encoder", source: DataSource, parts: Sequence[Part], most: int | None
) -> dict[str, object]:
    """Return everything that the numbers depend on."""
    data = {one.name: [one.split, _digest_of(source, one)] for one in parts}
    return {"model": model_identity(side.folder), "data": data, "most": most}


def _refusal(expected: str, found: str, where: str, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=where, next_step=next_step)
