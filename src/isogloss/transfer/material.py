"""What all units and cells of a matrix share, made once: body, tokenizer, text, labels, samples."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from isogloss.core import (
    InputError,
    Language,
    digests_of,
    first_changed,
    is_sealed,
    read_json,
    sealed,
    write_atomically,
)
from isogloss.data import (
    DataSource,
    EncodedCorpus,
    Text,
    Tokenizer,
    encode_corpus,
    load_tokenizer,
    open_corpus,
    open_source,
    task_card,
    texts_of_source,
    tokenizer_statistics,
)
from isogloss.models import PRESETS, body_folder, trim_model
from isogloss.tasks import task_form
from isogloss.training import content_hash
from isogloss.transfer.spec import MASKED_LM, MatrixSpec

_FACTS: Final = "facts.json"
_COUNTED_LINES: Final = 5_000


@dataclass(frozen=True)
class Material:
    """The shared material of a matrix.

    Attributes:
        folder: of the matrix.
        spec: what was asked for.
        source: of the data.
        facts: plain data: hashes, labels, samples, counts.
    """

    folder: Path
    spec: MatrixSpec
    source: DataSource
    facts: dict[str, Any]

    @property
    def body(self) -> Path | str:
        """What every model begins as."""
        trimmed = self.folder / "prepared" / "model"
        return trimmed if self.spec.trim else self.spec.model

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Of the body."""
        return load_tokenizer(self.folder / "prepared" / "tokenizer")

    def corpus(self, language: Language, split: str = "train") -> EncodedCorpus:
        """Return the encoded text of a language."""
        return open_corpus(_text_path(self.folder, language, split), self.tokenizer)

    def labels(self, task: str) -> list[str]:
        """Return the classes of a task."""
        return self.facts["labels"][task]

    def targets(self, task: str) -> tuple[Language, ...]:
        """Return the targets that a task can be tested on."""
        return tuple(one for one in self.spec.columns if str(one) in self.facts["samples"][task])

    def sample(self, task: str, language: Language) -> list[int]:
        """Return the places of the test examples that are scored, in the file's order."""
        return self.facts["samples"][task][str(language)]

    def test_examples(self, task: str, language: Language) -> list[Any]:
        """Return the test examples that are scored; a file is read once."""
        key = (task, language)
        if key not in self._tests:
            kind = task_card(task).kind_of("test")
            found = task_form(task).read(self.source, kind, language, "test")
            self._tests[key] = [found[index] for index in self.sample(task, language)]
        return self._tests[key]

    @cached_property
    def _tests(self) -> dict[tuple[str, Language], list[Any]]:
        return {}

    def sources(self, task: str, target: Language | None) -> tuple[Language, ...]:
        """Return the languages that a task adapter is trained on.

        Args:
            task: name.
            target: that it is to be tested on; None = any.

        Raises:
            InputError: none is left.
        """
        there = [Language.parse(one) for one in self.facts["trained"][task]]
        source = self.spec.task.source
        if source == "english":
            there = [one for one in there if one.code == "eng"]
        if source == "leave_target_out":
            there = [one for one in there if one != target]
        if not there:
            raise InputError(
                expected=f"training data of `{task}` for `task.source: {source}`",
                found="none",
                where=self.source.where,
                next_step="Add training data, or take `task.source: all`.",
            )
        return tuple(there)


def prepare(spec: MatrixSpec, data: str, folder: Path) -> Material:
    """Make the shared material, unless it is there already.

    Args:
        spec: of the matrix.
        data: folder or mapping file that says where the data lie.
        folder: of the matrix.

    Raises:
        InputError: a transfer language has no text, a task no data, or the model cannot be read.
    """
    source = open_source(data)
    _refuse_preset(spec)
    wanted = _wanted(spec, source)
    facts = _former(folder)
    if facts.get("wanted") != wanted or not _is_whole(facts, folder):
        facts = _make(spec, source, folder, wanted)
    return Material(folder, spec, source, facts)


def _is_whole(facts: dict[str, Any], folder: Path) -> bool:
    """Return whether tokenizer, text and trimmed body are what was written."""
    files: dict[str, str] = facts.get("files", {})
    return bool(files) and first_changed(folder / "prepared", files) is None


def _wanted(spec: MatrixSpec, source: DataSource) -> dict[str, Any]:
    """Return what the material depends on, refusing data that are absent."""
    fingerprints: dict[str, str] = {}
    for language in spec.transfer_languages:
        fingerprints[f"text/{language}/train"] = source.fingerprint("text", language, "train")
    for task in spec.tasks:
        fingerprints |= _of_task(task, spec, source)
    return {
        "model": str(spec.model),
        "weights": _weights(spec.model),
        "trim": spec.trim,
        "languages": [str(one) for one in spec.languages],
        "columns": [str(one) for one in spec.columns],
        "test_examples": spec.test_examples,
        "seed": spec.seed,
        "fingerprints": fingerprints,
    }


def _of_task(task: str, spec: MatrixSpec, source: DataSource) -> dict[str, str]:
    """Return the fingerprints of the data of one task."""
    kinds = {"test": "text"} if task == MASKED_LM else _kinds(task)
    found = {
        f"{task}/{language}/{split}": source.fingerprint(kind, language, split)
        for split, kind in kinds.items()
        for language in (spec.columns if split == "test" else spec.languages)
        if source.has(kind, language, split)
    }
    for split, kind in kinds.items():
        if not any(key.endswith(f"/{split}") for key in found):
            raise InputError(
                expected=f"{split} data of kind `{kind}` for at least one language",
                found="none",
                where=f"{source.where}, task `{task}`",
                next_step="Add the files, or leave the task out.",
            )
    return found


def _kinds(task: str) -> dict[str, str]:
    card = task_card(task)
    return {split: card.kind_of(split) for split in ("train", "test")}


def _make(
    spec: MatrixSpec, source: DataSource, folder: Path, wanted: dict[str, Any]
) -> dict[str, Any]:
    """Make everything and note it; the note comes last."""
    home = folder / "prepared"
    (home / _FACTS).unlink(missing_ok=True)
    tokenizer = _tokenizer(spec, source, home)
    facts: dict[str, Any] = {"wanted": wanted, "labels": {}, "samples": {}, "trained": {}}
    facts |= {"tokens": {}, "used": {}, "dropped": {}}
    facts["body"] = content_hash([wanted["weights"], tokenizer.fingerprint])
    for language in spec.transfer_languages:
        lines = list(source.text(language, "train"))
        corpus = encode_corpus(lines, tokenizer, _text_path(folder, language, "train"))
        counted = tokenizer_statistics(tokenizer, lines[:_COUNTED_LINES])
        facts["tokens"][str(language)] = corpus.n_tokens
        facts["used"][str(language)] = counted.fertility
    for task in spec.tasks:
        if task == MASKED_LM:
            _note_text(spec, source, tokenizer, folder, facts)
        else:
            _note_task(task, spec, source, facts)
    made = (one for one in home.rglob("*") if one.is_file() and one.name != _FACTS)
    facts["files"] = digests_of(home, made)
    write_atomically(home / _FACTS, json.dumps(sealed(facts), indent=1, ensure_ascii=False))
    return facts


def _tokenizer(spec: MatrixSpec, source: DataSource, home: Path) -> Tokenizer:
    """Trim the body where asked for, and keep its tokenizer."""
    own: Path | str = spec.model
    if spec.trim:
        own = home / "model"
        shutil.rmtree(own, ignore_errors=True)
        trim_model(spec.model, lambda: _texts(spec, source), own)
    elif Path(spec.model).is_dir():
        # A model that a study pretrained has its tokenizer beside all runs of the study.
        beside = Path(spec.model).resolve().parents[1].parent / "prepared" / "tokenizer"
        has_own = (Path(spec.model) / "tokenizer.json").is_file()
        own = beside if beside.is_dir() and not has_own else spec.model
    load_tokenizer(own).save(home / "tokenizer")
    return load_tokenizer(home / "tokenizer")


def _texts(spec: MatrixSpec, source: DataSource) -> Iterator[Text]:
    labelled = {kind for task in spec.tasks if task != MASKED_LM for kind in _kinds(task).values()}
    return texts_of_source(source, set(spec.languages), {"text", *labelled})


def _note_text(
    spec: MatrixSpec, source: DataSource, tokenizer: Tokenizer, folder: Path, facts: dict[str, Any]
) -> None:
    """Encode the test text of the targets."""
    samples: dict[str, list[int]] = {}
    for language in spec.columns:
        if source.has("text", language, "test"):
            path = _text_path(folder, language, "test")
            n_windows = encode_corpus(source.text(language, "test"), tokenizer, path).windows(
                spec.unit.length
            )
            samples[str(language)] = list(range(min(n_windows, spec.test_examples or n_windows)))
    facts["samples"][MASKED_LM] = samples


def _note_task(task: str, spec: MatrixSpec, source: DataSource, facts: dict[str, Any]) -> None:
    """Note classes, training languages and the sample of each target's test examples."""
    card, form = task_card(task), task_form(task)
    labels: set[str] = set()
    trained: list[str] = []
    for language in spec.languages:
        if source.has(card.kind_of("train"), language, "train"):
            trained.append(str(language))
            for example in form.read(source, card.kind_of("train"), language, "train"):
                labels.update(form.labels(example))
    samples: dict[str, list[int]] = {}
    for language in spec.columns:
        if source.has(card.kind_of("test"), language, "test"):
            n_examples = len(form.read(source, card.kind_of("test"), language, "test"))
            samples[str(language)] = drawn(n_examples, spec.test_examples, [spec.seed, task])
    facts["labels"][task], facts["trained"][task] = sorted(labels), trained
    facts["samples"][task] = samples


def drawn(n_examples: int, most: int | None, seed: Sequence[object]) -> list[int]:
    """Return the places of a fixed sample of examples, in order; all where there are few.

    Args:
        n_examples: that there are.
        most: that are wanted; None = all.
        seed: what the sample depends on, besides the numbers.
    """
    if most is None or n_examples <= most:
        return list(range(n_examples))
    number = int(content_hash([*map(str, seed), n_examples, most])[:16], 16)
    chosen = np.random.default_rng(number).choice(n_examples, most, replace=False)
    return sorted(int(one) for one in chosen)


def _text_path(folder: Path, language: Language, split: str) -> Path:
    return folder / "prepared" / "text" / f"{language}.{split}.bin"


def _refuse_preset(spec: MatrixSpec) -> None:
    """Refuse weights that have learned nothing: there is nothing to transfer into."""
    if spec.model in PRESETS:
        raise InputError(
            expected="a trained masked-LM checkpoint: a folder or a hub name",
            found=f"the preset `{spec.model}`, whose weights are random",
            where="model",
            next_step="Pretrain one, for example with `isogloss audit`, and give the folder "
            "OUT/runs/RUN/model.",
        )


def _weights(model: str) -> str:
    """Return the hash of a local checkpoint's weights; a hub name has none here."""
    folder = body_folder(model)
    files = sorted(folder.glob("*.safetensors")) if folder.is_dir() else []
    return content_hash(digests_of(folder, files)) if files else model


def _former(folder: Path) -> dict[str, Any]:
    """Return what was noted, or nothing: damaged material is made anew, it is no one's work."""
    try:
        found = read_json(folder / "prepared" / _FACTS, what="facts", next_step="")
    except InputError:
        return {}
    return {key: one for key, one in found.items() if key != "digest"} if is_sealed(found) else {}
