"""Tokenizers of any language model: ids of text, whatever special tokens there are."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, final

from tokenizers import Tokenizer as Backend

from isogloss.core import InputError


@final
class PlainTokenizer:
    """A fast tokenizer of Hugging Face from which nothing but ids of text is asked.

    Text is only text: a line that holds the characters `</s>` gets the tokens of those characters.

    Attributes:
        fingerprint: equal for tokenizers that give every text the same ids.
        start_id: what a text begins with: the token for its beginning, else the one for its end.
        unknown_id: None where every text has tokens.
    """

    def __init__(self, backend: Backend, start_id: int, unknown_id: int | None) -> None:
        self._backend = Backend.from_str(backend.to_str())
        self._backend.no_padding()
        self._backend.no_truncation()
        self.fingerprint: Final = hashlib.sha256(self._backend.to_str().encode()).hexdigest()
        self._backend.encode_special_tokens = True
        self.start_id: Final = start_id
        self.unknown_id: Final = unknown_id

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, without special tokens."""
        found = self._backend.encode_batch_fast(list(texts), add_special_tokens=False)
        return [one.ids for one in found]


def load_plain_tokenizer(folder: Path | str) -> PlainTokenizer:
    """Load the tokenizer of a folder of Hugging Face.

    Args:
        folder: a folder that `AutoTokenizer` loads. Code that comes with it is never run.

    Raises:
        InputError: there is no tokenizer, it has no fast form, or no token that a text begins or
            ends with.
    """
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    try:
        loaded = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(str(folder), str(error).strip().partition("\n")[0]) from error
    if not isinstance(loaded, PreTrainedTokenizerFast):
        raise _unusable(str(folder), f"a {type(loaded).__name__}, which has no fast form")
    names = ("bos_token_id", "eos_token_id", "cls_token_id", "sep_token_id")
    found = [one for name in names if (one := getattr(loaded, name)) is not None]
    if not found:
        raise _unusable(str(folder), "a tokenizer without a token for beginning or end of text")
    unknown = loaded.unk_token_id
    # GPT-2 and its kind name the end of text as unknown; a byte-level tokenizer never needs it.
    unknown = None if unknown is None or unknown in found else int(str(unknown))
    return PlainTokenizer(loaded.backend_tokenizer, int(found[0]), unknown)


def _unusable(where: str, found: str) -> InputError:
    return InputError(
        expected="a fast tokenizer (tokenizer.json and tokenizer_config.json in the folder)",
        found=found,
        where=where,
        next_step="Give the folder with the tokenizer that was saved with the model.",
    )
