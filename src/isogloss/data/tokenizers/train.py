"""Train a shared vocabulary: byte-fallback BPE or Unigram, the same file every time."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import sentencepiece
from tokenizers import AddedToken
from tokenizers import Tokenizer as Backend
from tokenizers.decoders import ByteFallback, Fuse, Replace, Strip
from tokenizers.decoders import Sequence as Decoders
from tokenizers.models import BPE, Unigram
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import BpeTrainer

from isogloss.core import InputError, Language, look_up, write_atomically
from isogloss.data.tokenizers.cuts import normalizer, pre_tokenizer
from isogloss.data.tokenizers.sample import balanced_sample, covering_characters, normalised
from isogloss.data.tokenizers.tokenizer import Tokenizer, load_tokenizer
from isogloss.data.tokenizers.vocabulary import BOUNDARY

# In RoBERTa's order, which transformers' RoBERTa and XLM-R models expect of ids 0 to 3.
CLS, PAD, SEP, UNKNOWN, MASK = SPECIALS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_BYTES: Final = tuple(f"<0x{byte:02X}>" for byte in range(256))
_FIXED: Final = (*SPECIALS, *_BYTES)
# A sum of floats depends on how threads divide it, and two threads waited more than they worked.
_UNIGRAM_THREADS: Final = 1
# The trainer begins with many tokens and drops a quarter at a time. Its own beginning of 1,000,000
# and words that occur once cost four times as long here and end in a worse vocabulary (8 % more
# tokens in the text of five languages, with a vocabulary of 2,000).
_UNIGRAM_SEEDS: Final = 10
_MANY_WORDS: Final = 10_000


def train_tokenizer(
    samples: Mapping[Language, Iterable[str]],
    folder: Path | str,
    *,
    kind: Literal["bpe", "unigram"] = "bpe",
    vocabulary_size: int = 2000,
    exponent: float = 0.5,
    seed: int = 0,
    max_bytes: int = 20_000_000,
    coverage: float = 0.9995,
) -> Tokenizer:
    """Train a tokenizer on a balanced sample and save it; the same arguments give the same bytes.

    Ids: 5 special tokens, the 256 bytes, then the tokens. Text is put in NFC with single spaces,
    no accent or vowel sign is stripped, and a character outside the vocabulary becomes the bytes of
    its UTF-8, so nothing is unknown.

    Args:
        samples: text of each language; iterated twice.
        folder: where to write `tokenizer.json` and `tokenizer_config.json`.
        kind: `bpe` (tokens merged by frequency) or `unigram` (tokens by likelihood).
        vocabulary_size: number of ids, the fixed 261 included. Fewer result where the text does
            not hold so many tokens.
        exponent: share of a language in the sample ~ bytes ** exponent, 0 = uniform.
        seed: moves the choice of the sample's lines.
        max_bytes: limit of the sample; it is held in memory.
        coverage: fraction of the sample's characters that get an id of their own.

    Returns:
        The tokenizer, loaded from `folder`.

    Raises:
        InputError: a language without text, or a vocabulary smaller than the alphabet.

    Reference:
        Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, 2016,
        https://arxiv.org/abs/1508.07909 (BPE); Kudo, Subword Regularization, 2018,
        https://arxiv.org/abs/1804.10959 (Unigram, section 3.2); Kudo and Richardson,
        SentencePiece, 2018, https://arxiv.org/abs/1808.06226 (byte fallback, trainer).
    """
    learn = look_up({"bpe": _bpe, "unigram": _unigram}, kind, "kind of tokenizer")
    sample = balanced_sample(samples, exponent=exponent, max_bytes=max_bytes, seed=seed)
    alphabet = covering_characters(sample, coverage) | {BOUNDARY}
    _refuse_too_small(vocabulary_size, len(alphabet), len(samples))
    backend = learn(sample, alphabet, vocabulary_size - len(_FIXED))
    _surround(backend)
    # The configuration first: a folder with tokenizer.json is complete.
    write_atomically(Path(folder) / "tokenizer_config.json", _configuration())
    write_atomically(Path(folder) / "tokenizer.json", backend.to_str(pretty=True))
    return load_tokenizer(folder)


def learn_backend(sample: list[str], vocabulary_size: int) -> Backend:
    """Learn a BPE vocabulary of normalised lines and cut text as `train_tokenizer` does.

    Without the tokens around a line: for measuring text, not for a model.
    """
    alphabet = covering_characters(sample, 1.0) | {BOUNDARY}
    backend = _bpe(sample, alphabet, max(vocabulary_size - len(_FIXED), len(alphabet)))
    backend.normalizer, backend.pre_tokenizer = normalizer(), pre_tokenizer()
    return backend


def _bpe(sample: list[str], alphabet: set[str], n_tokens: int) -> Backend:
    """Learn merges on the words whose characters are all in the alphabet."""
    learner = Backend(BPE())
    learner.pre_tokenizer = pre_tokenizer()
    known = alphabet.issuperset
    words = (" ".join(filter(known, line.split())) for line in sample)
    learner.train_from_iterator(
        words,
        BpeTrainer(
            vocab_size=n_tokens,
            min_frequency=2,
            initial_alphabet=sorted(alphabet),
            special_tokens=[],
            show_progress=False,
        ),
    )
    model = json.loads(learner.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    # The trainer knows no byte tokens, and as its special tokens they would match in text.
    vocabulary = {token: index for index, token in enumerate((*_FIXED, *tokens))}
    merges = [(left, right) for left, right in model["merges"]]
    return Backend(BPE(vocabulary, merges, unk_token=UNKNOWN, byte_fallback=True))


def _unigram(sample: list[str], alphabet: set[str], n_tokens: int) -> Backend:
    """Learn tokens with sentencepiece's trainer: that of `tokenizers` differs from run to run.

    It is given counted words, cut as they will be cut when encoding: no token crosses a cut.
    """
    splitter, counts = pre_tokenizer(), Counter[str]()
    for word, n_words in Counter(word for line in sample for word in line.split()).items():
        for part, _ in splitter.pre_tokenize_str(word):
            counts[part] += n_words
    least = 2 if len(counts) > _MANY_WORDS else 1
    words = {word: n for word, n in counts.items() if n >= least and alphabet.issuperset(word)}
    words |= {character: 1 for character in alphabet if character not in words}
    model = BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(f"{word}\t{n}" for word, n in sorted(words.items())),
        model_writer=model,
        input_format="tsv",
        model_type="unigram",
        vocab_size=n_tokens + 1,  # and its own unknown
        hard_vocab_limit=False,
        character_coverage=1.0,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        split_by_unicode_script=False,
        split_by_number=False,
        bos_id=-1,
        eos_id=-1,
        seed_sentencepiece_size=max(_UNIGRAM_SEEDS * n_tokens, 10_000),
        num_threads=_UNIGRAM_THREADS,
        minloglevel=2,
    )
    learned = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    tokens = [
        (learned.id_to_piece(index), learned.get_score(index))
        for index in range(learned.get_piece_size())
        if not learned.is_unknown(index)
    ]
    fixed = [(token, 0.0) for token in _FIXED]
    return Backend(Unigram(fixed + tokens, SPECIALS.index(UNKNOWN), byte_fallback=True))


def _surround(backend: Backend) -> None:
    """Add everything around the model: normalisation, cuts, decoding, special tokens."""
    backend.normalizer = normalizer()
    backend.pre_tokenizer = pre_tokenizer()
    backend.decoder = Decoders([Replace(BOUNDARY, " "), ByteFallback(), Fuse(), Strip(" ", 1, 0)])
    backend.add_special_tokens([AddedToken(token, special=True) for token in SPECIALS])
    backend.post_processor = TemplateProcessing(
        single=f"{CLS} $A {SEP}",
        pair=f"{CLS} $A {SEP} $B {SEP}",
        special_tokens=[(CLS, SPECIALS.index(CLS)), (SEP, SPECIALS.index(SEP))],
    )


def _configuration() -> str:
    """Return what `AutoTokenizer` reads, written by hand: no version of a library changes it."""
    declared = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": CLS,
        "eos_token": SEP,
        "cls_token": CLS,
        "sep_token": SEP,
        "pad_token": PAD,
        "unk_token": UNKNOWN,
        "mask_token": MASK,
        "clean_up_tokenization_spaces": False,
        "model_input_names": ["input_ids", "attention_mask"],
    }
    return json.dumps(declared, indent=2) + "\n"


def _refuse_too_small(vocabulary_size: int, n_characters: int, n_languages: int) -> None:
    needed = len(_FIXED) + n_characters
    if vocabulary_size < needed:
        raise InputError(
            expected=f"a vocabulary of {needed} or more: {len(SPECIALS)} special tokens, "
            f"{len(_BYTES)} bytes and the {n_characters} characters of {n_languages} language(s)",
            found=f"{vocabulary_size}",
            where="vocabulary_size of the tokenizer",
            next_step=f"Use {max(2 * needed, 1000)} or so, fewer languages, or a lower coverage.",
        )


# Of these lines, one in four is left out of the training and measured.
_MEASURED = 4


def forecast_bytes_per_token(
    samples: Mapping[Language, Sequence[str]], *, vocabulary_size: int
) -> dict[Language, float]:
    """Return how many bytes of text a token of a shared vocabulary would stand for.

    Three quarters of the sample train a vocabulary, the last quarter is measured. On 150 kB a
    language the forecast lies within 8 % of the tokenizer of the whole text.

    Args:
        samples: lines of each language; not empty.
        vocabulary_size: number of ids.

    Returns:
        UTF-8 bytes, the line's end included, over tokens, the one after each line included.
    """
    clean = {one: [normalised(line) for line in lines] for one, lines in samples.items()}
    learned = [
        line
        for lines in clean.values()
        for number, line in enumerate(lines)
        if number % _MEASURED or len(lines) < _MEASURED
    ]
    backend = learn_backend(learned, vocabulary_size)
    forecast = {}
    for language, lines in clean.items():
        held_out = lines[::_MEASURED]
        n_tokens = sum(len(one.ids) + 1 for one in backend.encode_batch_fast(held_out))
        forecast[language] = sum(len(line.encode()) + 1 for line in held_out) / n_tokens
    return forecast
