import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from tokenizers import AddedToken
from tokenizers import Tokenizer as Backend
from tokenizers.decoders import ByteLevel as ByteDecoder
from tokenizers.models import BPE, Unigram, WordLevel, WordPiece
from tokenizers.pre_tokenizers import ByteLevel, Metaspace, Whitespace
from tokenizers.processors import BertProcessing, TemplateProcessing
from tokenizers.processors import Sequence as Processors
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

from isogloss.core import InputError
from isogloss.data.tokenizers import Text, Tokenizer, load_tokenizer, trim_tokenizer, unkept_tokens

# Special tokens stand at the end, so that trimming moves their ids.
SPECIALS = ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]")
NAMES = ("cls_token", "sep_token", "pad_token", "unk_token", "mask_token")
LETTERS = "abcde"
RANDOM = random.Random(3)
WORDS = ["".join(RANDOM.choices(LETTERS, k=RANDOM.randint(1, 9))) for _ in range(200)]
PARTS = sorted({word[i : i + n] for word in WORDS for n in (2, 3, 4) for i in (0, 2)} - {""})
LINES = [" ".join(RANDOM.choices(WORDS[:40], k=8)) for _ in range(30)]


def wrapped(backend: Backend) -> Tokenizer:
    backend.add_special_tokens([AddedToken(one, special=True) for one in SPECIALS])
    cls, sep = (backend.token_to_id(one) for one in SPECIALS[:2])
    template = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", cls), ("[SEP]", sep)]
    )
    around = (
        template
        if isinstance(backend.model, BPE)
        else BertProcessing(("[SEP]", sep), ("[CLS]", cls))
    )
    backend.post_processor = Processors([around])
    special = dict(zip(NAMES, SPECIALS, strict=True))
    return Tokenizer(PreTrainedTokenizerFast(tokenizer_object=backend, **special), "here")


def unigram(*, byte_fallback: bool = False) -> Tokenizer:
    scores = random.Random(5)
    pieces = [(one, -scores.uniform(3, 9)) for one in ("▁", *LETTERS, *PARTS)]
    pieces += [(f"▁{one}", -scores.uniform(3, 9)) for one in PARTS]
    bytes_ = [(f"<0x{one:02X}>", 0.0) for one in range(256 if byte_fallback else 0)]
    pieces += [("zzz", -30.0), ("[UNK]", 0.0), *bytes_]
    unknown = [piece for piece, _ in pieces].index("[UNK]")
    backend = Backend(Unigram(pieces, unknown, byte_fallback=byte_fallback))
    backend.pre_tokenizer = Metaspace()
    return wrapped(backend)


def bpe() -> Tokenizer:
    backend = Backend(BPE())
    backend.pre_tokenizer = ByteLevel(add_prefix_space=False)
    backend.decoder = ByteDecoder()
    alphabet = ByteLevel.alphabet()
    trainer = BpeTrainer(vocab_size=600, initial_alphabet=alphabet, show_progress=False)
    backend.train_from_iterator([" ".join(WORDS)], trainer)
    return wrapped(backend)


def word_piece(*more: str) -> Tokenizer:
    pieces = [*LETTERS, *(f"##{one}" for one in LETTERS), *PARTS, *(f"##{one}" for one in PARTS)]
    vocabulary = {one: i for i, one in enumerate(dict.fromkeys([*pieces, *more, *SPECIALS]))}
    backend = Backend(WordPiece(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = Whitespace()
    return wrapped(backend)


KINDS = {
    "unigram": unigram,
    "unigram_bytes": lambda: unigram(byte_fallback=True),
    "bpe": bpe,
    "word_piece": word_piece,
}
EVERY = pytest.mark.parametrize("kind", KINDS)


def pieces(tokenizer: Tokenizer, lines: Sequence[str]) -> list[list[str]]:
    return [tokenizer.hugging_face.convert_ids_to_tokens(ids) for ids in tokenizer.encode(lines)]


@EVERY
def test_the_text_is_cut_as_before_and_the_vocabulary_shrinks(kind: str, tmp_path: Path) -> None:
    before = KINDS[kind]()
    found = trim_tokenizer(before, lambda: LINES, where="here")
    found.tokenizer.save(tmp_path)
    after = load_tokenizer(tmp_path)
    assert pieces(after, LINES) == pieces(before, LINES)
    assert after.vocabulary_size == len(found.kept) < 0.9 * before.vocabulary_size
    assert found.n_tokens == sum(map(len, before.encode(LINES)))
    old = before.hugging_face.convert_ids_to_tokens(list(found.kept))
    assert after.hugging_face.convert_ids_to_tokens(list(range(len(old)))) == old
    assert found.n_unknown == 0


@EVERY
def test_special_tokens_move_with_their_ids(kind: str) -> None:
    before = KINDS[kind]()
    after = trim_tokenizer(before, lambda: LINES, where="here").tokenizer
    whole = [one.hugging_face.convert_ids_to_tokens(one.hugging_face(LINES[0]).input_ids)
             for one in (before, after)]  # fmt: skip
    assert whole[0] == whole[1]
    assert whole[1][0] == "[CLS]"
    assert whole[1][-1] == "[SEP]"
    assert after.hugging_face.convert_ids_to_tokens([after.pad_id, after.mask_id]) == [
        "[PAD]",
        "[MASK]",
    ]
    assert after.cls_id != before.cls_id


@EVERY
def test_words_of_labelled_data_count_as_they_are_read(kind: str) -> None:
    """A word alone is cut as one at the beginning of a word, whatever stands before it."""
    before = KINDS[kind]()
    sentences: list[Text] = [tuple(WORDS[40:50]), tuple(WORDS[50:60])]
    after = trim_tokenizer(before, lambda: [*sentences, *LINES], where="here").tokenizer
    for words in sentences:
        old, new = before.encode_words(words), after.encode_words(words)
        assert new[1] == old[1]
        assert after.hugging_face.convert_ids_to_tokens(
            new[0]
        ) == before.hugging_face.convert_ids_to_tokens(old[0])


def test_only_what_a_bpe_needs_stays() -> None:
    before = bpe()
    found = trim_tokenizer(before, lambda: ["a"], where="here")
    assert len(found.kept) == 5 + 1, "without a merge"


def test_a_byte_piece_writes_what_the_text_has_not() -> None:
    found = trim_tokenizer(unigram(byte_fallback=True), lambda: LINES, where="here")
    ids = found.tokenizer.encode(["é"])[0]
    assert found.tokenizer.hugging_face.convert_ids_to_tokens(ids)[-2:] == ["<0xC3>", "<0xA9>"]


def test_an_unknown_character_costs_what_it_cost() -> None:
    """The lowest score sets the price, so its piece stays though no text has it."""
    found = trim_tokenizer(unigram(), lambda: ["ab é ab"], where="here")
    assert "zzz" in found.tokenizer.hugging_face.get_vocab()
    assert found.n_unknown == 1


def test_a_word_that_ends_as_unknown_stays_unknown() -> None:
    """`fgh` is matched and then nothing; without it `fg` and `##hx` would be."""
    before = word_piece("fgh", "fg", "##hx", "k")
    lines = ["fghx", "fg", "khx"]
    assert pieces(before, lines) == [["[UNK]"], ["fg"], ["k", "##hx"]]
    after = trim_tokenizer(before, lambda: lines, where="here").tokenizer
    assert pieces(after, lines) == pieces(before, lines)


def test_ids_that_must_not_move() -> None:
    found = trim_tokenizer(unigram(), lambda: ["ab"], where="here", always=range(50))
    assert found.kept[:50] == tuple(range(50))


def test_tokens_that_were_left_out_are_counted() -> None:
    before = unigram()
    found = trim_tokenizer(before, lambda: LINES, where="here")
    assert unkept_tokens(before, LINES, found.kept) == (0, found.n_tokens)
    missing, n_tokens = unkept_tokens(before, WORDS, found.kept)
    assert 0 < missing < n_tokens


def test_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="text to trim to"):
        trim_tokenizer(unigram(), list, where="here")


def test_another_kind_of_vocabulary_is_refused() -> None:
    vocabulary = {one: i for i, one in enumerate((*LETTERS, *SPECIALS))}
    backend = Backend(WordLevel(vocabulary, unk_token="[UNK]"))
    with pytest.raises(InputError, match="BPE, Unigram, WordPiece"):
        trim_tokenizer(wrapped(backend), lambda: LINES, where="here")


def test_a_vocabulary_that_cuts_by_chance_is_refused() -> None:
    before = bpe()
    model = before.hugging_face.backend_tokenizer.model
    assert isinstance(model, BPE)
    model.dropout = 0.5
    by_chance = Tokenizer(before.hugging_face, "here")
    with pytest.raises(InputError, match="the same way every time"):
        trim_tokenizer(by_chance, lambda: LINES, where="here")
