"""Leave out of a tokenizer the tokens that a text does not need; the text is cut as before."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import tee
from typing import Any, Final

from tokenizers import Tokenizer as Backend

from isogloss.core import InputError
from isogloss.data.tokenizers.tokenizer import Tokenizer
from isogloss.data.tokenizers.vocabulary import BOUNDARY, BYTE_TOKEN, merges_of

Text = str | tuple[str, ...]
"""A line, or a sentence that is divided into words."""

_KINDS: Final = ("BPE", "Unigram", "WordPiece")
_BATCH: Final = 1000


@dataclass(frozen=True)
class TrimmedTokenizer:
    """A smaller tokenizer.

    Attributes:
        tokenizer: that cuts the text as the one before did.
        kept: ids of the tokenizer before that are left, in the order of the new ids.
        n_tokens: of the text, special tokens not counted.
        n_unknown: of these, the unknown token's.
    """

    tokenizer: Tokenizer
    kept: tuple[int, ...]
    n_tokens: int
    n_unknown: int


def trim_tokenizer(
    tokenizer: Tokenizer,
    texts: Callable[[], Iterable[Text]],
    *,
    where: str,
    always: Collection[int] = (),
) -> TrimmedTokenizer:
    """Leave out the tokens that a text does not need.

    What stays: the tokens that the text is cut into; added and special tokens; the tokens of bytes;
    the single characters of the text. Of a Unigram also the token of the lowest score, which sets
    the price of an unknown character: no token of a best path goes, so each best path stays the
    best. Of a BPE the merges through which its tokens come about, and what they join. Of a
    WordPiece also what is matched in words that end as unknown, lest they no longer do.

    Args:
        tokenizer: it is left as it is.
        texts: gives the text anew each time it is called: it is read twice, and never held.
        where: the tokenizer comes from, for messages.
        always: further ids to keep.

    Returns:
        The smaller tokenizer, verified on all of the text.

    Raises:
        InputError: no text, another kind of tokenizer, or one that cuts the text otherwise when it
            is asked twice (BPE with dropout).
    """
    declared: dict[str, Any] = json.loads(tokenizer.hugging_face.backend_tokenizer.to_str())
    kind = declared["model"].get("type")
    if kind not in _KINDS:
        raise InputError(
            expected=f"a tokenizer of one of the kinds {', '.join(_KINDS)}",
            found=f"{kind}",
            where=where,
            next_step="Only such vocabularies can be trimmed; use the model as it is.",
        )
    used, n_tokens, n_unknown = _used(tokenizer, texts(), fails=_failing(declared))
    if n_tokens == 0:
        raise InputError(
            expected="text to trim to",
            found="no token in it",
            where=where,
            next_step="Give text of every language that the model is to read.",
        )
    used |= {*always, *tokenizer.special_ids, *_fixed_ids(declared)}
    kept = tuple(sorted(_closed(declared["model"], used)))
    new_ids = {old: new for new, old in enumerate(kept)}
    _renumber(declared, new_ids)
    trimmed = Tokenizer(_wrapped(tokenizer, declared), where)
    _refuse_other_cuts(tokenizer, trimmed, texts(), new_ids, where)
    return TrimmedTokenizer(trimmed, kept, n_tokens, n_unknown)


def unkept_tokens(
    tokenizer: Tokenizer, texts: Iterable[Text], kept: Collection[int]
) -> tuple[int, int]:
    """Count the tokens of a text that are not among the ids that a trimming left.

    Args:
        tokenizer: before the trimming.
        texts: lines, or sentences divided into words.
        kept: the ids that are left.

    Returns:
        How many are not, and how many tokens the text has.
    """
    left, missing, n_tokens = set(kept), 0, 0
    for _, ids in _encoded(tokenizer, texts):
        missing += sum(one not in left for one in ids)
        n_tokens += len(ids)
    return missing, n_tokens


def _used(
    tokenizer: Tokenizer, texts: Iterable[Text], fails: Callable[[Text], set[int]]
) -> tuple[set[int], int, int]:
    """Return the ids of a text, how many tokens it has and how many of them are unknown."""
    used: set[int] = set()
    n_tokens = n_unknown = 0
    for text, ids in _encoded(tokenizer, texts):
        used.update(ids)
        n_tokens += len(ids)
        if tokenizer.unk_id in ids:
            n_unknown += ids.count(tokenizer.unk_id)
            used |= fails(text)
    return used, n_tokens, n_unknown


def _encoded(tokenizer: Tokenizer, texts: Iterable[Text]) -> Iterator[tuple[Text, list[int]]]:
    """Yield each text with its ids, as a study reads it."""
    lines: list[str] = []
    for text in texts:
        if isinstance(text, tuple):
            yield text, tokenizer.encode_words(text)[0]
            continue
        lines.append(text)
        if len(lines) == _BATCH:
            yield from zip(lines, tokenizer.encode(lines), strict=True)
            lines = []
    yield from zip(lines, tokenizer.encode(lines), strict=True)


def _failing(declared: dict[str, Any]) -> Callable[[Text], set[int]]:
    """Return what gives the tokens that are matched in the unknown words of a text."""
    model = declared["model"]
    if model["type"] != "WordPiece":
        return lambda _: set()
    backend = Backend.from_str(json.dumps(declared))
    longest = int(model["max_input_chars_per_word"])

    def matched(text: Text) -> set[int]:
        parts = (text,) if isinstance(text, str) else text
        words = [word for part in parts for word in _words(backend, part)]
        return {one for word in words if len(word) <= longest for one in _greedy(word, model)}

    return matched


def _words(backend: Backend, text: str) -> list[str]:
    """Return the words of a text as the model is given them."""
    if backend.normalizer is not None:
        text = backend.normalizer.normalize_str(text)
    if backend.pre_tokenizer is None:
        return [text]
    return [word for word, _ in backend.pre_tokenizer.pre_tokenize_str(text)]


def _greedy(word: str, model: dict[str, Any]) -> Iterator[int]:
    """Yield the ids of the longest matches, up to the place where there is none."""
    vocabulary, prefix = model["vocab"], model["continuing_subword_prefix"]
    begin = 0
    while begin < len(word):
        mark = prefix if begin else ""
        ends = range(len(word), begin, -1)
        end = next((end for end in ends if mark + word[begin:end] in vocabulary), None)
        if end is None:
            return
        yield vocabulary[mark + word[begin:end]]
        begin = end


def _fixed_ids(declared: dict[str, Any]) -> set[int]:
    """Return the ids of added tokens, of those around a text, of padding and of the unknown."""
    fixed = {int(token["id"]) for token in declared["added_tokens"]}

    def note(one: int) -> int:
        fixed.add(one)
        return one

    _map_places(declared, note)
    return fixed


def _closed(model: dict[str, Any], used: set[int]) -> set[int]:
    """Return the ids that are used and those without which they would not come about.

    Of a BPE the merges that are not needed are removed from `model`.
    """
    vocabulary = _ids_by_piece(model)
    tokens = {one: token for token, one in vocabulary.items()}
    prefix = model.get("continuing_subword_prefix") or ""
    seen = {character for one in used if one in tokens for character in tokens[one]}
    for mark in dict.fromkeys(("", prefix, BOUNDARY)):
        used |= {vocabulary[mark + one] for one in seen if mark + one in vocabulary}
    used |= {one for token, one in vocabulary.items() if BYTE_TOKEN.fullmatch(token)}
    unknown = model.get("unk_token")
    if unknown in vocabulary:
        used.add(vocabulary[unknown])
    if model["type"] == "Unigram":
        # The lowest score of all decides what an unknown character costs.
        scores = [score for _, score in model["vocab"]]
        used.add(min(range(len(scores)), key=scores.__getitem__))
    if model["type"] == "BPE":
        fired = merges_of([tokens[one] for one in used if one in tokens], model)
        model["merges"] = [pair for pair in model["merges"] if tuple(pair) in fired]
        for (left, right), whole in fired.items():
            used |= {vocabulary[left], vocabulary[right], vocabulary[whole]}
    return used


def _ids_by_piece(model: dict[str, Any]) -> dict[str, int]:
    """Return token -> id."""
    if model["type"] == "Unigram":
        return {token: one for one, (token, _) in enumerate(model["vocab"])}
    return model["vocab"]


def _renumber(declared: dict[str, Any], new_ids: dict[int, int]) -> None:
    """Give the tokens that stay their new ids, wherever an id is written; remove the others."""
    model = declared["model"]
    if model["type"] == "Unigram":
        model["vocab"] = [pair for one, pair in enumerate(model["vocab"]) if one in new_ids]
    else:
        kept = {token: new_ids[one] for token, one in model["vocab"].items() if one in new_ids}
        model["vocab"] = dict(sorted(kept.items(), key=lambda pair: pair[1]))
    for token in declared["added_tokens"]:
        token["id"] = new_ids[token["id"]]
    _map_places(declared, new_ids.__getitem__)


def _map_places(declared: dict[str, Any], new_id: Callable[[int], int]) -> None:
    """Replace the ids that stand beside the vocabulary."""
    if declared["model"].get("unk_id") is not None:
        declared["model"]["unk_id"] = new_id(declared["model"]["unk_id"])
    if declared.get("padding"):
        declared["padding"]["pad_id"] = new_id(declared["padding"]["pad_id"])
    if declared.get("post_processor"):
        _map_processor(declared["post_processor"], new_id)


def _map_processor(processor: dict[str, Any], new_id: Callable[[int], int]) -> None:
    """Replace the ids of the tokens that are put around a text."""
    for part in processor.get("processors", ()):
        _map_processor(part, new_id)
    for name in ("sep", "cls"):
        if name in processor:
            token, one = processor[name]
            processor[name] = [token, new_id(one)]
    if processor["type"] == "TemplateProcessing":
        for token in processor["special_tokens"].values():
            token["ids"] = [new_id(one) for one in token["ids"]]


def _wrapped(tokenizer: Tokenizer, declared: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return the tokenizer of `transformers` around what is declared.

    Of the general class: a class of one architecture would build its own cuts around the tokens.
    """
    from transformers import PreTrainedTokenizerFast

    before = tokenizer.hugging_face
    return PreTrainedTokenizerFast(
        tokenizer_object=Backend.from_str(json.dumps(declared)),
        **before.special_tokens_map,
        model_max_length=before.model_max_length,
        padding_side=before.padding_side,
        truncation_side=before.truncation_side,
        model_input_names=before.model_input_names,
        clean_up_tokenization_spaces=before.clean_up_tokenization_spaces,
    )


def _refuse_other_cuts(
    old: Tokenizer, new: Tokenizer, texts: Iterable[Text], new_ids: dict[int, int], where: str
) -> None:
    """Refuse a trimming after which the text is cut otherwise.

    Raises:
        InputError: it is; the text is named.
    """
    for (text, before), (_, after) in zip(*_twice(old, new, texts), strict=True):
        if [new_ids.get(one) for one in before] != after:
            shown = text if isinstance(text, str) else " ".join(text)
            raise InputError(
                expected="a tokenizer that cuts a text the same way every time",
                found=f"other tokens after trimming in {shown[:60]!r}",
                where=where,
                next_step="Such a vocabulary cannot be trimmed (does it drop merges at random?); "
                "use the model as it is.",
            )


def _twice(
    old: Tokenizer, new: Tokenizer, texts: Iterable[Text]
) -> tuple[Iterator[tuple[Text, list[int]]], Iterator[tuple[Text, list[int]]]]:
    """Return the text in the ids of both, read once."""
    first, second = tee(texts)
    return _encoded(old, first), _encoded(new, second)
