"""Translations in a run: what lies beside training examples, and what test examples are read with.

An objective says which translations it reads; the study's provider makes them. Nothing falls back
in silence: a training example without a translation is left out and counted, a test example without
one stops the run, because treatments are compared on the same examples.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isogloss.core import InputError, Language
from isogloss.data import (
    IGNORED,
    UNSAID,
    EncodedExample,
    EncodedExamples,
    Material,
    Provider,
    TaskCard,
    Translations,
    Wanted,
    build_provider,
    translate_examples,
)
from isogloss.study.plan.runs import Run
from isogloss.study.store.prepared import Prepared
from isogloss.tasks import task_form
from isogloss.training import Altered, PairedObjective, Reads

Encode = Callable[[Sequence[Any]], EncodedExamples]


@dataclass
class Translated:
    """The translations of one run, each set made once, and what its record says of them.

    Args:
        run: with the study's settings of translations.
        prepared: the material of the study.
        card: of the task.
    """

    run: Run
    prepared: Prepared
    card: TaskCard

    def __post_init__(self) -> None:
        self._provider = build_provider(self.run.provider)
        cache = self.prepared.folder / "prepared" / "translations"
        self._material = Material(self.prepared.source, cache)
        self.records: list[dict[str, object]] = []

    def material(
        self, examples: Sequence[Any], encode: Encode, reads: Reads
    ) -> dict[Language, tuple[EncodedExample, ...]]:
        """Return the training examples of every language that the objective learns.

        Args:
            examples: of the source language.
            encode: makes rows of examples.
            reads: what the objective asks for.

        Raises:
            InputError: there are no such translations.
        """
        source = self.run.learned[0]
        names = {str(one): one for one in self.run.plan.languages} | {
            one.code: one for one in self.run.plan.languages
        }
        languages = {"source": (source,), "all": self.run.plan.languages}.get(reads.languages)
        if languages is None:
            languages = (_named(reads.languages, names),)
        found: dict[Language, tuple[EncodedExample, ...]] = {}
        for language in languages:
            pairs = self._translated(examples, "train", source, language)
            found[language] = self._beside(pairs, encode, reads, source)
        if reads.altered is not None:
            found[source] = self._altered(examples, found[source], encode, reads.altered)
        return found

    def _translated(
        self,
        examples: Sequence[Any],
        split: str,
        source: Language,
        target: Language,
        provider: Provider | None = None,
    ) -> Translations[Any]:
        """Return examples with their translations, and note where these come from."""
        wanted = Wanted(self.card.kind_of(split), split, source, target)
        found = translate_examples(provider or self._provider, examples, wanted, self._material)
        if source != target:
            self.records.append(found.record())
        return found

    def _beside(
        self, pairs: Translations[Any], encode: Encode, reads: Reads, source: Language
    ) -> tuple[EncodedExample, ...]:
        """Return rows of the translations, with their sources and translations back beside them."""
        targets, originals = ([one.translation for one in pairs], [one.original for one in pairs])
        views = {"source": originals}
        kept = list(range(len(pairs)))
        if "back" in reads.beside:
            back = self._translated(targets, "train", pairs.wanted.target, source)
            by_identifier = {one.identifier: one.translation for one in back}
            kept = [at for at in kept if pairs[at].identifier in by_identifier]
            views["back"] = [by_identifier.get(one.identifier) for one in pairs]
        rows = encode([targets[at] for at in kept])
        index = self.run.plan.languages.index(source)
        beside = {
            name: _of_rows(rows, encode([views[name][at] for at in kept]), index)
            for name in reads.beside
        }
        return tuple(
            dataclasses.replace(
                _said(row), beside={name: view[number] for name, view in beside.items()}
            )
            for number, row in enumerate(rows)
        )

    def _altered(
        self,
        examples: Sequence[Any],
        rows: Sequence[EncodedExample],
        encode: Encode,
        altered: Altered,
    ) -> tuple[EncodedExample, ...]:
        """Return rows with altered copies beside them, each towards a language drawn by lot."""
        others = [one for one in self.run.plan.languages if one != self.run.learned[0]]
        seed = hashlib.sha256(f"altered\n{self.run.plan.seed}".encode()).digest()
        drawn = np.random.default_rng(list(seed[:8])).integers(
            len(others), size=(altered.copies, len(rows))
        )
        copies: list[dict[str, EncodedExample]] = [dict(row.beside) for row in rows]
        versions: list[list[EncodedExample]] = []
        for copy in range(altered.copies):
            if copy == 0 or altered.how == "code_switch":  # a translation is the same each time
                versions = [
                    self._version(examples, encode, altered, one, copy=copy) for one in others
                ]
            for number, beside in enumerate(copies):
                beside[f"altered{copy}"] = versions[int(drawn[copy, number])][number]
        return tuple(
            dataclasses.replace(row, beside=beside)
            for row, beside in zip(rows, copies, strict=True)
        )

    def _version(
        self,
        examples: Sequence[Any],
        encode: Encode,
        altered: Altered,
        language: Language,
        *,
        copy: int,
    ) -> list[EncodedExample]:
        """Return every example translated into a language, or with words switched to it."""
        source, provider = self.run.learned[0], self._provider
        if altered.how == "code_switch":
            seed = self.run.plan.seed * 64 + copy
            options = {"mode": "code_switch", "rate": altered.rate, "seed": seed}
            own = self.run.provider if self.run.provider["provider"] == "dictionary" else {}
            provider = build_provider({**own, "provider": "dictionary", **options})
        pairs = self._translated(examples, "train", source, language, provider)
        if len(pairs) != len(examples):
            raise _missing(pairs, len(examples))
        index = self.run.plan.languages.index(source if altered.how == "code_switch" else language)
        encoded = encode([one.translation for one in pairs])
        return [dataclasses.replace(_said(one), language=index) for one in encoded]

    def test(
        self, examples: Sequence[Any], target: Language, at_test: str, split: str
    ) -> Sequence[Any]:
        """Return what test examples are read with, or in place of; nothing where they stand alone.

        Raises:
            InputError: a test example has no translation.
        """
        source = self.run.learned[0]
        if at_test == "itself" or (at_test and target == source):
            return examples
        if not at_test:
            return ()
        pairs = self._translated(examples, split, target, source)
        if len(pairs) != len(examples):
            raise _missing(pairs, len(examples))
        return [one.translation for one in pairs]


def reads_of(run: Run) -> Reads:
    """Return which translations the objective of a run reads."""
    objective = run.plan.objective
    return objective.reads if isinstance(objective, PairedObjective) else Reads()


def form_encode(run: Run, prepared: Prepared, card: TaskCard) -> Encode:
    """Return what makes rows of the examples of a task."""
    labels, form = prepared.labels(card.name), task_form(card.name)
    return lambda examples: form.encode(examples, labels, prepared.tokenizer, run.plan.length)


def _of_rows(rows: EncodedExamples, views: EncodedExamples, language: int) -> list[EncodedExample]:
    """Return the view of each row: of the same example, with the answer if the row has it."""
    if not rows.example_of_row:
        return [dataclasses.replace(one, language=language) for one in views]
    windows: dict[int, list[EncodedExample]] = {}
    for example, view in zip(views.example_of_row, views, strict=True):
        windows.setdefault(example, []).append(dataclasses.replace(view, language=language))
    return [
        _window(windows[example], row)
        for example, row in zip(rows.example_of_row, rows, strict=True)
    ]


def _window(windows: Sequence[EncodedExample], row: EncodedExample) -> EncodedExample:
    """Return the window with the answer for a row that has it, else the first one."""
    if not _has_answer(row):
        return windows[0]
    return next((one for one in windows if _has_answer(one)), windows[0])


def _has_answer(row: EncodedExample) -> bool:
    return not isinstance(row.labels, int) and any(row.labels)


def _said(row: EncodedExample) -> EncodedExample:
    """Return a row whose words without a tag are marked as words, so that a teacher may say it."""
    if isinstance(row.labels, int) or not row.word_positions:
        return row
    words = {at for at in row.word_positions if at >= 0}
    labels = tuple(
        UNSAID if at in words and label == IGNORED else label for at, label in enumerate(row.labels)
    )
    return dataclasses.replace(row, labels=labels)


def _named(name: str, names: Mapping[str, Language]) -> Language:
    """Return a language of the plan."""
    found = names.get(name) or names.get(str(Language.parse(name)))
    if found is None:
        raise InputError(
            expected=f"a language of the mixture: {', '.join(str(one) for one in names.values())}",
            found=f"`{name}`",
            where="treatments.translate_train.language",
            next_step="Add it to the mixture, or leave the option out for all of them.",
        )
    return found


def _missing(pairs: Translations[Any], n_examples: int) -> InputError:
    """Return the error of examples without translations."""
    why = "; ".join(f"{n}: {reason}" for reason, n in pairs.skipped.items())
    return InputError(
        expected=f"a translation of each of {n_examples} examples",
        found=f"{len(pairs)} ({why or 'the others are missing'})",
        where=f"translations, {pairs.wanted}",
        next_step="Complete the translations, or leave out the treatments that read them there.",
    )
