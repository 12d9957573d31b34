"""From two model folders and a folder of text to the per-document scores of both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import pandas as pd
import torch
from torch import nn

from isogloss.comparison.language_models.store import ShardStore, model_identity
from isogloss.comparison.readers import read_scores
from isogloss.comparison.scored import Scored
from isogloss.comparison.writing import SCORES
from isogloss.core import InputError, Language
from isogloss.data import (
    DataSource,
    EncodedCorpus,
    PlainTokenizer,
    encode_corpus,
    load_plain_tokenizer,
    load_tokenizer,
    open_source,
)
from isogloss.evaluation import Cell, MaskedText, Windows, causal_bits, evaluate_masked_lm
from isogloss.models import create_model, finished_kind, longest_context, read_causal
from isogloss.training import resolve_precision

Tell = Callable[[str], None]
_SPLITS: Final = ("test", "dev", "train")
_CONTEXT: Final = 1024
_MASKED_LENGTH: Final = 128
# Of masked models: unknown tokens are never masked, the same for both, but are no text either.
_MOST_UNKNOWN: Final = 0.01
# Documents are cut into shards by the text alone, so that every run cuts alike.
_MOST_DOCUMENTS: Final = 256
_MOST_BYTES: Final = 500_000
_TASKS: Final = {"causal": "text", "masked": "masked_text"}


@dataclass(frozen=True)
class ScoringChoices:
    """How models are scored.

    Attributes:
        context: positions of a window; None = 1,024, or what the smaller of both models has.
        stride: tokens that a window scores after the first one; None = half the context.
        precision: "auto" (also None), "bf16" or "fp32" of causal models; masked ones run in fp32.
        most: documents of a language, from the first on; None = all.
        tokens: positions of a batch.
    """

    context: int | None = None
    stride: int | None = None
    precision: str | None = None
    most: int | None = None
    tokens: int = 4096


def score_models(
    base: Path,
    new: Path,
    text: Path,
    out: Path,
    choices: ScoringChoices | None = None,
    *,
    tell: Tell = lambda _: None,
) -> tuple[Scored, Scored]:
    """Measure bits per byte of two language models on the same text.

    Causal models: the exact sum of log-probabilities over each line, divided by its UTF-8 bytes;
    comparable between tokenizers. Masked models: single tokens are masked, the same for both, which
    is comparable only where both have the same tokenizer.

    Args:
        base: folder of the reference.
        new: folder of the other model.
        text: folder or mapping of raw text, as `open_source` takes it.
        out: gets `scores/BASE` and `scores/NEW`; what is there already is not measured again.
        choices: how.
        tell: is told how far it is.

    Returns:
        The scores of both, an example a line (masked: a row of 128 tokens).

    Raises:
        InputError: a folder is no language model, one is causal and one masked, masked ones have
            different tokenizers, or there is no text.
    """
    chosen = choices or ScoringChoices()
    kinds = [finished_kind(one) for one in (base, new)]
    if kinds[0] != kinds[1]:
        raise _refusal(
            "two causal or two masked language models",
            f"a {kinds[0]} one and a {kinds[1]} one",
            f"{base} and {new}",
            "What they predict is not the same: their bits cannot be compared.",
        )
    source = open_source(text)
    if not source.languages("text"):
        raise _refusal("raw text", "none", str(text), "Name files as sw.test.txt.")
    score = _score_causal if kinds[0] == "causal" else _score_masked
    score((base, new), source, out / SCORES, chosen, tell)
    notice = _notice(kinds[0], source)
    found = [read_scores(out / SCORES / name) for name in ("BASE", "NEW")]
    first, second = (
        Scored(one.frame, one.slices, str(folder), (notice, *one.notices))
        for one, folder in zip(found, (base, new), strict=True)
    )
    return first, second


def _notice(kind: str, source: DataSource) -> str:
    splits = sorted({_split(source, one) for one in source.languages("text")})
    what = "a line is an example" if kind == "causal" else "a row of 128 tokens is an example"
    return f"{kind} language model on the {' and '.join(splits)} text of {source.where}: {what}."


def _score_causal(
    folders: Sequence[Path], source: DataSource, out: Path, chosen: ScoringChoices, tell: Tell
) -> None:
    precision = resolve_precision(chosen.precision or "auto")
    windows = _windows(folders, chosen)
    for name, folder in zip(("BASE", "NEW"), folders, strict=True):
        tokenizer = load_plain_tokenizer(folder)
        settings = {**asdict(windows), "precision": precision, "tokenizer": tokenizer.fingerprint}
        store = ShardStore(out / name, _made_with(folder, source, chosen, settings))
        _Causal(folder, tokenizer, windows, precision, store).run(source, chosen.most, name, tell)


def _windows(folders: Sequence[Path], chosen: ScoringChoices) -> Windows:
    """Return the windows, the same for both models.

    Raises:
        InputError: a model has no such context, or the stride leaves tokens without context.
    """
    limits = [one for folder in folders if (one := longest_context(folder)) is not None]
    most = min(limits, default=chosen.context or _CONTEXT)
    context = chosen.context or min(most, _CONTEXT)
    stride = chosen.stride or max(context // 2, 1)
    if not 2 <= context <= most:
        step = f"Give --context of at most {most}, or leave it out."
        raise _refusal(f"--context of 2 to {most}", str(context), "--context", step)
    if stride >= context:
        step = "A window's first scored token needs one before it."
        raise _refusal(f"--stride below the context of {context}", str(stride), "--stride", step)
    return Windows(context, stride, chosen.tokens)


class _Causal:
    """One causal model at work; it is read when the first shard is missing."""

    def __init__(
        self,
        folder: Path,
        tokenizer: PlainTokenizer,
        windows: Windows,
        precision: str,
        store: ShardStore,
    ) -> None:
        self.folder, self.tokenizer, self.windows = folder, tokenizer, windows
        self.dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self.store = store
        self._model: nn.Module | None = None

    def run(self, source: DataSource, most: int | None, name: str, tell: Tell) -> None:
        for language in source.languages("text"):
            n_documents = 0
            lines = source.text(language, _split(source, language))
            for shard, documents in enumerate(_shards(lines, most)):
                if not self.store.has(str(language), shard):
                    table = self._table(language, documents, n_documents)
                    self.store.write(str(language), shard, table)
                n_documents += len(documents)
                tell(f"{name} {language}: {n_documents:,} lines")

    def _table(self, language: Language, documents: Sequence[str], before: int) -> pd.DataFrame:
        ids = self.tokenizer.encode(documents)
        self._refuse_unknown(ids, language)
        if self._model is None:
            device = "cuda" if torch.cuda.is_available() else "cpu"
            self._model = nn.Module.to(read_causal(self.folder, self.dtype), device)
        bits = causal_bits(self._model, ids, self.tokenizer.start_id, self.windows)
        return pd.DataFrame(
            {
                "example": [_named(before + i, one) for i, one in enumerate(documents, start=1)],
                "language": str(language),
                "task": _TASKS["causal"],
                "bits": bits,
                "bytes": [len(one.encode()) for one in documents],
            }
        )

    def _refuse_unknown(self, ids: Sequence[Sequence[int]], language: Language) -> None:
        """Refuse text that the tokenizer has no pieces for: its bits would not be of these bytes.

        Raises:
            InputError: a token stands for unknown text.
        """
        absent = self.tokenizer.unknown_id
        unknown = 0 if absent is None else sum(one.count(absent) for one in ids)
        if unknown:
            raise _refusal(
                "a tokenizer that can write every text (bytes as its last resort)",
                f"{unknown} unknown tokens in text of {language}",
                str(self.folder),
                "One token for any unknown text costs few bits: such a model would look better "
                "than it is. Leave the language out.",
            )


def _shards(lines: Iterable[str], most: int | None) -> Iterator[list[str]]:
    """Yield the lines in shards."""
    shard: list[str] = []
    size = 0
    for number, line in enumerate(lines):
        if number == most:
            break
        shard.append(line)
        size += len(line.encode())
        if len(shard) == _MOST_DOCUMENTS or size >= _MOST_BYTES:
            yield shard
            shard, size = [], 0
    if shard:
        yield shard


def _named(number: int, text: str) -> str:
    """Return a name that other text in the same line does not have: it would be paired else."""
    return f"{number}:{sha256(text.encode()).hexdigest()[:12]}"


def _score_masked(
    folders: Sequence[Path], source: DataSource, out: Path, chosen: ScoringChoices, tell: Tell
) -> None:
    _refuse_causal_options(folders, chosen)
    tokenizers = [load_tokenizer(one) for one in folders]
    if tokenizers[0].fingerprint != tokenizers[1].fingerprint:
        raise _refusal(
            "masked language models of one tokenizer",
            "two tokenizers",
            f"{folders[0]} and {folders[1]}",
            "Single tokens are masked, and what is left of a word says more about a short one: "
            "bits per byte of masked models cannot be compared between tokenizers.",
        )
    tokenizer, languages = tokenizers[0], source.languages("text")
    for name, folder in zip(("BASE", "NEW"), folders, strict=True):
        settings = {"length": _MASKED_LENGTH, "tokenizer": tokenizer.fingerprint}
        store = ShardStore(out / name, _made_with(folder, source, chosen, settings))
        left = [one for one in languages if not store.has(str(one), 0)]
        if not left:
            continue
        model = create_model(folder, tokenizer=tokenizer, languages=languages, seed=0)
        for language in left:
            lines = source.text(language, _split(source, language))
            path = out / "tokens" / f"{language}.bin"
            corpus = encode_corpus(lines, tokenizer, path)
            _refuse_mostly_unknown(corpus, language, folder)
            text = MaskedText(corpus, tokenizer, _MASKED_LENGTH, max_rows=chosen.most)
            if not len(text.windows()):
                step = "Leave the language out, or give more text."
                where = f"{source.where}, {language}"
                raise _refusal("text of at least 128 tokens", "less", where, step)
            cell = Cell.of("masked_lm", "bits_per_byte", language, language)
            found = evaluate_masked_lm(model, text, languages.index(language), cell=cell)
            counts = found.predictions.counts
            digest = source.fingerprint("text", language, _split(source, language))[:12]
            table = pd.DataFrame(
                {
                    "example": [f"{number}:{digest}" for number in text.windows()],
                    "language": str(language),
                    "task": _TASKS["masked"],
                    "bits": counts[:, 0],
                    "bytes": counts[:, 1],
                }
            )
            store.write(str(language), 0, table)
            tell(f"{name} {language}: {len(table):,} rows")


def _refuse_causal_options(folders: Sequence[Path], chosen: ScoringChoices) -> None:
    """Refuse options that say nothing about masked models.

    Raises:
        InputError: there are some.
    """
    names = ("context", "stride", "precision")
    given = [f"--{name}" for name in names if getattr(chosen, name) is not None]
    if given:
        raise _refusal(
            "options of masked language models: --most alone",
            ", ".join(given),
            " and ".join(map(str, folders)),
            "They are read in rows of 128 tokens and in fp32; leave the options out.",
        )


def _refuse_mostly_unknown(corpus: EncodedCorpus, language: Language, folder: Path) -> None:
    """Refuse text that the tokenizer cannot write: what is left to guess is not of this language.

    Raises:
        InputError: more than 1 % of the tokens are unknown.
    """
    if corpus.n_unknown > _MOST_UNKNOWN * corpus.n_tokens:
        raise _refusal(
            f"at most {_MOST_UNKNOWN:.0%} unknown tokens",
            f"{corpus.n_unknown:,} of {corpus.n_tokens:,} in text of {language}",
            str(folder),
            "What it has no pieces for is neither masked nor read: bits per byte would be about "
            "the rest. Leave the language out.",
        )


def _made_with(
    folder: Path, source: DataSource, chosen: ScoringChoices, settings: Mapping[str, object]
) -> dict[str, object]:
    """Return everything that the numbers depend on."""
    text = {
        str(one): [_split(source, one), source.fingerprint("text", one, _split(source, one))]
        for one in source.languages("text")
    }
    return {"model": model_identity(folder), "text": text, "most": chosen.most, **settings}


def _split(source: DataSource, language: Language) -> str:
    """Return the split that is scored: the test text where there is some."""
    return next(one for one in _SPLITS if source.has("text", language, one))


def _refusal(expected: str, found: str, where: str, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=where, next_step=next_step)
