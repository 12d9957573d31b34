"""The material that all runs of a study share, as it lies on disk or as a plan has counted it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any, ClassVar, Final, NoReturn, cast

from isogloss.core import (
    InputError,
    Language,
    is_sealed,
    read_json,
    sealed,
    write_atomically,
)
from isogloss.data import (
    DataSource,
    EncodedCorpus,
    Material,
    SampledSource,
    Tokenizer,
    Wanted,
    build_provider,
    load_tokenizer,
    open_corpus,
    open_source,
    task_card,
)
from isogloss.tasks import task_form

# Examples from which the shape of rows is known well enough for an estimate.
_SAMPLED: Final = 100


@dataclass(frozen=True)
class CountedText:
    """Text that was counted and not encoded; it has the face of a corpus for a sampler's sums.

    Attributes:
        n_tokens: of the text, estimated.
    """

    n_tokens: int

    def windows(self, length: int) -> int:
        """Return how many rows of `length` positions it holds."""
        return self.n_tokens // (length - 1)

    def rows(self, indices: object, length: int) -> NoReturn:
        """Refuse: a plan draws no batch.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"counted text has no rows {indices} of {length} positions")


@dataclass(frozen=True)
class CountedTokens:
    """As many tokens as a tokenizer that is not trained yet may cut a text into.

    Attributes:
        bytes_per_token: of the language, estimated.
    """

    bytes_per_token: float
    cls_id: ClassVar[int] = 0
    sep_id: ClassVar[int] = 0

    def encode(self, lines: Sequence[str]) -> list[list[int]]:
        """Return tokens without a meaning."""
        return [[0] * ceil(len(line.encode()) / self.bytes_per_token) for line in lines]

    def encode_with_spans(
        self, texts: Sequence[str]
    ) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Return the same, none of them with a place in the text."""
        return [(ids, [(0, 0)] * len(ids)) for ids in self.encode(texts)]


@dataclass(frozen=True)
class Prepared:
    """The shared material of a study, on disk under `prepared/`.

    Attributes:
        folder: of the study.
        facts: plain data: where the source lies, hashes, label sets, counts, confounds.
        source: of the labelled data.
    """

    folder: Path
    facts: dict[str, Any]
    source: DataSource

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer of all models."""
        return load_tokenizer(self.folder / "prepared" / "tokenizer")

    @property
    def vocabulary_size(self) -> int:
        """Tokens of the study's own tokenizer, as its settings have it."""
        return int(self.facts["wanted"]["tokenizer"]["vocabulary_size"])

    @property
    def trimmed_tokens(self) -> int | None:
        """Tokens of the study's trimmed checkpoint; None = it has none, or is not prepared yet."""
        return self.facts.get("trimmed_tokens")

    def body(self, model: str) -> str | Path:
        """Return what the models of the study begin as.

        Args:
            model: preset, folder or hub name of the study.
        """
        is_trimmed = self.trimmed_tokens is not None
        return self.folder / "prepared" / "model" if is_trimmed else model

    @property
    def lacks_head(self) -> bool:
        """Whether a masked-LM head has to be made for the study's checkpoint."""
        return bool(self.facts["wanted"].get("lacks_head"))

    def n_tokens(self, language: Language, split: str = "train") -> int:
        """Return how long the text of a language is; estimated where it was only counted."""
        counted: dict[str, int] = self.facts.get("tokens", {})
        found = counted.get(f"{language}/{split}")
        return (
            open_corpus(corpus_path(self.folder, language, split)).n_tokens
            if found is None
            else found
        )

    def corpus(self, language: Language, split: str) -> EncodedCorpus:
        """Return the encoded text of a language, memory-mapped."""
        return open_corpus(corpus_path(self.folder, language, split), self.tokenizer)

    def n_examples(self, task: str, language: Language, split: str = "train") -> int:
        """Return how many labelled examples there are; 0 where there are none."""
        return int(self.facts["examples"].get(task, {}).get(str(language), {}).get(split, 0))

    def n_rows(self, task: str, language: Language, limit: int | None, length: int) -> int:
        """Return how many rows the training examples of a language are; estimated where counted.

        Args:
            task: name.
            language: of the examples.
            limit: most examples that are taken; None = all.
            length: most positions of a row.
        """
        n_examples = self.n_examples(task, language)
        n_examples = n_examples if limit is None else min(n_examples, limit)
        if task_form(task).one_row or n_examples == 0:
            return n_examples
        return self._rows(task, language, "train", limit, length)[0]

    def row_shape(
        self, task: str, language: Language, split: str, length: int
    ) -> tuple[float, float]:
        """Return (rows per example, mean positions of a row), from a language's first examples.

        Args:
            task: name, of a form whose examples may be several rows.
            language: of the examples.
            split: that they are read from.
            length: most positions of a row.
        """
        n_examples = min(self.n_examples(task, language, split), _SAMPLED)
        n_rows, n_positions = self._rows(task, language, split, n_examples, length)
        return n_rows / max(n_examples, 1), n_positions / max(n_rows, 1)

    def _rows(
        self, task: str, language: Language, split: str, limit: int | None, length: int
    ) -> tuple[int, int]:
        """Return how many rows examples are, and their positions; estimated where counted."""
        key = (task, language, split, limit, length)
        if key not in self._row_counts:
            form = task_form(task)
            examples = form.read(self.source, task_card(task).kind_of(split), language, split)
            per_token: dict[str, float] = self.facts.get("bytes_per_token", {})
            tokens = CountedTokens(per_token[str(language)]) if per_token else self.tokenizer
            rows = form.encode(examples[:limit], (), cast("Tokenizer", tokens), length).examples
            self._row_counts[key] = (len(rows), sum(len(row.ids) for row in rows))
        return self._row_counts[key]

    @cached_property
    def _row_counts(
        self,
    ) -> dict[tuple[str, Language, str, int | None, int], tuple[int, int]]:
        """What `_rows` has counted."""
        return {}

    def labels(self, task: str) -> list[str]:
        """Return the classes of a task, over all languages of the study."""
        return list(self.facts["labels"][task])

    def has_parallel(self, first: Language, second: Language, split: str) -> bool:
        """Return whether a split has parallel text of two languages."""
        pairs = [
            unit.languages
            for unit in self.source.units()
            if unit.kind == "parallel" and unit.split == split
        ]
        return (first, second) in pairs or (second, first) in pairs

    def text_material(self, languages: tuple[Language, ...], *splits: str) -> dict[str, str]:
        """Return the content hashes that a run on splits of these languages' text depends on."""
        return self._hashes(f"text/{one}/{split}" for one in languages for split in splits)

    def translation_material(self, languages: tuple[Language, ...], split: str) -> dict[str, str]:
        """Return the content hashes of the translations of the first language into the others."""
        return self._hashes(f"parallel/{one}/{split}" for one in languages[1:])

    def task_material(self, task: str, languages: tuple[Language, ...]) -> dict[str, str]:
        """Return the content hashes that a fine-tuning on these languages depends on."""
        return self._hashes([*(f"{task}/{one}" for one in languages), f"{task}/labels"])

    def translated_material(
        self, task: str, provider: Mapping[str, Any], languages: Sequence[Language]
    ) -> dict[str, str]:
        """Return the hashes of what translations of the first language's examples follow from.

        Args:
            task: name.
            provider: its name and options.
            languages: the source language, then those that are translated into.

        Raises:
            InputError: there are no such translations.
        """
        made, source, kind = build_provider(provider), languages[0], task_card(task).kind
        return {
            f"translations/{kind}/{one}": made.fingerprint(
                Wanted(kind, "train", source, one), Material(self.source)
            )
            for one in languages[1:]
        }

    def _hashes(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the hashes of what there is, with the tokenizer and a checkpoint's weights."""
        return {
            key: self.facts["hashes"][key]
            for key in ("tokenizer", "weights", *keys)
            if key in self.facts["hashes"]
        }


def open_prepared(folder: Path) -> Prepared:
    """Open what `prepare` made.

    Raises:
        InputError: nothing was prepared, or it is damaged.
    """
    facts = read_facts(folder)
    shares = {Language.parse(name): share for name, share in facts.get("samples", {}).items()}
    return Prepared(folder, facts, open_data(facts["data"], shares))


def read_facts(folder: Path) -> dict[str, Any]:
    """Return what `prepare` noted of a study's material.

    Raises:
        InputError: there is nothing, or it is not what was written.
    """
    path = folder / "prepared" / "facts.json"
    what, next_step = "what was prepared for a study", "`isogloss run` prepares it anew."
    facts = read_json(path, what=what, next_step=next_step)
    if not is_sealed(facts):
        found = "a damaged file (it is not what was written)"
        raise InputError(expected=what, found=found, where=str(path), next_step=next_step)
    return facts


def write_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Note of a study's material what its runs need to know, whole or not at all."""
    path = folder / "prepared" / "facts.json"
    write_atomically(path, json.dumps(sealed(facts), indent=1))


def open_data(data: str, shares: Mapping[Language, float]) -> DataSource:
    """Open the data; some languages may be samples of others."""
    source = open_source(data)
    return SampledSource(source, shares) if shares else source


def corpus_path(folder: Path, language: Language, split: str) -> Path:
    """Return where the encoded text of a language lies."""
    return folder / "prepared" / "text" / f"{language}.{split}.tokens"
