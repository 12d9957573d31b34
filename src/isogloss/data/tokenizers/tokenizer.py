"""One face for every tokenizer: ids of lines, ids of words, bytes of ids."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast, final
from unicodedata import category

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer as Backend

from isogloss.core import InputError
from isogloss.data.tokenizers.cuts import WordCache, cuts_at_spaces
from isogloss.data.tokenizers.vocabulary import bytes_of_tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast


NO_UNKNOWN: Final = -1


@final
class Tokenizer:
    """A fast tokenizer of Hugging Face, with what the study needs to know about its ids.

    Text is only text: a line that holds the characters `<mask>` or `</s>` gets the tokens of those
    characters, never a special id (Hugging Face's own call would put a special id there).

    Args:
        hugging_face: a fast tokenizer with cls, sep, pad and mask tokens.
        where: folder or name it came from, for messages.

    Raises:
        InputError: it is not a fast tokenizer, or a special token is missing.
    """

    def __init__(self, hugging_face: PreTrainedTokenizerBase, where: str) -> None:
        from transformers import PreTrainedTokenizerFast

        if not isinstance(hugging_face, PreTrainedTokenizerFast):
            raise _unusable(where, f"a {type(hugging_face).__name__}, which has no fast form")
        self.hugging_face: Final = hugging_face
        # A copy: the settings below are ours, and `save` must write the tokenizer as it was.
        self._backend = Backend.from_str(hugging_face.backend_tokenizer.to_str())
        self._backend.no_padding()
        self._backend.no_truncation()
        self.fingerprint: Final = hashlib.sha256(self._backend.to_str().encode()).hexdigest()
        self._backend.encode_special_tokens = True
        self._words = WordCache(self._backend) if cuts_at_spaces(self._backend) else None
        self.vocabulary_size: Final = len(hugging_face)
        # EuroBERT and others with the vocabulary of a decoder begin and end rows as that does.
        self.cls_id: Final = _special(hugging_face, "cls_token", where, or_else="bos_token")
        self.sep_id: Final = _special(hugging_face, "sep_token", where, or_else="eos_token")
        self.pad_id: Final = _special(hugging_face, "pad_token", where)
        self.mask_id: Final = _special(hugging_face, "mask_token", where)
        unknown = cast("int | None", hugging_face.unk_token_id)
        self.unk_id: Final[int] = NO_UNKNOWN if unknown is None else unknown
        self.special_ids: Final = tuple(sorted(set(hugging_face.all_special_ids)))

    def encode(self, lines: Sequence[str]) -> list[list[int]]:
        """Return the ids of each line, without special tokens.

        Args:
            lines: text.

        Returns:
            One list of ids for each line.
        """
        if self._words is not None:
            return self._words.encode(lines)
        encodings = self._backend.encode_batch_fast(list(lines), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def encode_with_spans(
        self, texts: Sequence[str]
    ) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Return the ids of each text, without special tokens, and the characters they stand for.

        Args:
            texts: as they stand in the file; whatever the tokenizer normalises, the places are
                those of this text.

        Returns:
            For each text its ids, and for each id the place of its first character and the place
            after its last, in Unicode code points, white space around it left out.
        """
        found: list[tuple[list[int], list[tuple[int, int]]]] = []
        encodings = self._backend.encode_batch(list(texts), add_special_tokens=False)
        for text, encoding in zip(texts, encodings, strict=True):
            starts = {begin for begin, end in encoding.offsets if begin < end}
            spans = [_characters(text, *offsets, starts) for offsets in encoding.offsets]
            found.append((encoding.ids, spans))
        return found

    def encode_words(self, words: Sequence[str]) -> tuple[list[int], list[int]]:
        """Return the ids of a sentence that is already divided into words, without special tokens.

        Args:
            words: words of one sentence.

        Returns:
            The ids, and for each word the position of its first sub-word among them. A word that
            the tokenizer drops whole (characters of no width alone, in WikiAnn for one) is stood
            for by the unknown token, or the mask where there is none: every word can be tagged.

        Reference:
            Hu et al. 2020, XTREME, https://arxiv.org/abs/2003.11080: its preprocessing of PAN-X
            does the same.
        """
        spaced = [*words[:1], *(f" {word}" for word in words[1:])]
        given = spaced if self._marks_spaces_only else list(words)
        encoding = self._backend.encode(given, is_pretokenized=True, add_special_tokens=False)
        tokens: list[list[int]] = [[] for _ in words]
        for token, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:
                tokens[word].append(token)
        stand_in = self.mask_id if self.unk_id == NO_UNKNOWN else self.unk_id
        tokens = [own or [stand_in] for own in tokens]
        first = list(accumulate(map(len, tokens[:-1]), initial=0)) if tokens else []
        return list(chain.from_iterable(tokens)), first

    @cached_property
    def bytes_per_id(self) -> NDArray[np.int64]:
        """UTF-8 bytes that each token stands for, shape [vocabulary_size]; 0 for special tokens.

        A word-boundary marker counts as the one byte of a space, and so does the boundary at the
        beginning of a line: for a tokenizer of `train_tokenizer` the sum over an encoded line is
        exactly the UTF-8 bytes of the normalised line (NFC, each run of white space one space, none
        at the ends) + 1, that is the line with its line break. For WordPiece it is an estimate:
        a token without `##` counts one space, also after punctuation, and the unknown token 0.
        """
        tokens = self.hugging_face.convert_ids_to_tokens(list(range(self.vocabulary_size)))
        found = bytes_of_tokens(cast("list[str]", tokens), self._backend.to_str())
        found[list(self.special_ids)] = 0
        return found

    @cached_property
    def _marks_spaces_only(self) -> bool:
        """Tell byte-level tokenizers that mark a space but add none before a sentence's words."""
        ids = self._backend.encode(["a", "a"], is_pretokenized=True, add_special_tokens=False).ids
        return "ByteLevel" in self._backend.to_str() and ids[:1] == ids[1:]

    def save(self, folder: Path | str) -> None:
        """Write the tokenizer to `folder`, beside a model, so that `AutoTokenizer` loads it."""
        self.hugging_face.save_pretrained(str(folder))


def load_tokenizer(folder: Path | str) -> Tokenizer:
    """Load the tokenizer of a folder: one of `train_tokenizer`, or of any Hugging Face model.

    Args:
        folder: a folder that `AutoTokenizer` loads, or a name on the hub.

    Returns:
        The tokenizer. Code that comes with a folder is never run.

    Raises:
        InputError: there is no tokenizer, or one without the tokens that masked modelling needs.

    """
    from transformers import AutoTokenizer

    try:
        # Offline and online alike; trust_remote_code stays off, its default.
        loaded = AutoTokenizer.from_pretrained(str(folder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(str(folder), str(error).strip().partition("\n")[0]) from error
    return Tokenizer(loaded, str(folder))


def _characters(text: str, begin: int, end: int, starts: Collection[int]) -> tuple[int, int]:
    """Return the part of a text that a token stands for, without the white space around it.

    Where a letter and its mark were composed, `tokenizers` counts the letter alone: marks that no
    other token begins with are added.
    """
    while end < len(text) and end not in starts and category(text[end]).startswith("M"):
        end += 1
    part = text[begin:end]
    begin += len(part) - len(part.lstrip())
    return begin, begin + len(part.strip())


def _special(
    tokenizer: PreTrainedTokenizerFast, name: str, where: str, *, or_else: str = ""
) -> int:
    found = getattr(tokenizer, f"{name}_id")
    if found is None and or_else:
        found = getattr(tokenizer, f"{or_else}_id")
    if found is None:
        raise _unusable(where, f"a tokenizer without a {name}{or_else and f' or {or_else}'}")
    return int(found)


def _unusable(where: str, found: str) -> InputError:
    return InputError(
        expected="a fast tokenizer with cls, sep, pad and mask tokens (or bos and eos for the "
        "first two), as masked language models "
        "have (tokenizer.json and tokenizer_config.json in the folder)",
        found=found,
        where=where,
        next_step="Give the folder of such a tokenizer, or let isogloss train one on your text.",
    )


# Enough lines for the threads of `tokenizers`, few enough characters for a small memory.
_CHUNK_LINES: Final = 4096
_CHUNK_CHARACTERS: Final = 1_000_000


def encode_stream(
    tokenizer: Tokenizer, lines: Iterable[str]
) -> Iterator[tuple[list[str], list[list[int]]]]:
    """Yield lines with their ids, chunk by chunk; lines without a token are left out.

    Args:
        tokenizer: the study's tokenizer.
        lines: text.

    Yields:
        Lines and, for each, its ids without special tokens.
    """
    for chunk in _chunks(lines):
        pairs = [
            (line, ids) for line, ids in zip(chunk, tokenizer.encode(chunk), strict=True) if ids
        ]
        yield [line for line, _ in pairs], [ids for _, ids in pairs]


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Group lines, by number and by length: one line may be a whole book."""
    chunk: list[str] = []
    n_characters = 0
    for line in lines:
        chunk.append(line)
        n_characters += len(line)
        if len(chunk) >= _CHUNK_LINES or n_characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, n_characters = [], 0
    if chunk:
        yield chunk
