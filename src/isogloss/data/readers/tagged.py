"""Tagged sentences, whatever the file's format: its content says which one it is."""

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from isogloss.core import InputError, closest
from isogloss.data.readers.columns import NumberedSentence, read_columns
from isogloss.data.readers.conllu_file import looks_like_conllu, read_conllu
from isogloss.data.readers.examples import DataWarning, TaggedSentence
from isogloss.data.readers.layout import UPOS, has_letter
from isogloss.data.readers.layout_search import find_layout
from isogloss.data.readers.lines import Origin, SourceFile
from isogloss.data.readers.reading import Account, Reading
from isogloss.data.readers.tag_schemes import to_iob2

_AS_IT_STANDS: Final = Reading()
# The code of a Wikipedia before each word, as the first files of WikiAnn have it.
_CODE: Final = re.compile(r"([a-z]{2,12}(?:-[a-z]{1,12}){0,2}):")
_UNDERSCORED: Final = re.compile("[BIESLUM]_.")
_BLANK: Final = re.compile(r"_+")
_TRUE_UNDERSCORES: Final = frozenset(["PUNCT", "SYM"])
_MOST_WITHOUT_TEXT: Final = 0.05
_LEAST_WITH_LETTERS: Final = 0.1
# Rarer than this, a tag that is not universal among those that are is no tag set of its own.
_SLIPS: Final = 0.01


def read_tagged(
    file: SourceFile, *, entities: bool, reading: Reading = _AS_IT_STANDS
) -> list[TaggedSentence]:
    """Read the sentences of a file of tagged words.

    The format is chosen by content: CoNLL-U, or columns divided by tabs or spaces.

    Args:
        file: UTF-8.
        entities: the tags are entity tags and become IOB2.
        reading: columns, names of tags, scheme of entity tags, what to do about broken sentences.

    Returns:
        The sentences, in the order of the file.

    Raises:
        InputError: a broken line, tags that are no entity tags in entity data, words without
            letters, no entity at all, or no sentence.
    """
    account = Account(file.at(), reading)
    sentences: Iterator[NumberedSentence]
    if looks_like_conllu(file):
        sentences = read_conllu(file, account, entities=entities)
    else:
        layout = find_layout(file, reading, entities=entities)
        sentences = read_columns(file, layout, account)
    return finish_tagged(file, sentences, account, entities=entities)


def finish_tagged(
    file: Origin,
    sentences: Iterable[NumberedSentence],
    account: Account,
    *,
    entities: bool,
) -> list[TaggedSentence]:
    """Rename tags, bring entity tags into IOB2, and refuse what can be no tagged text.

    Args:
        file: where the sentences come from, for the messages.
        sentences: as they stand there.
        account: what the mapping says; is told what was left out, and closed.
        entities: the tags are entity tags.

    Raises:
        InputError: see `read_tagged`.
    """
    limited = list(islice(sentences, account.reading.limit))
    whole = _with_text(file, _without_code(file, limited, account), account)
    named = _renamed(whole, account, entities=entities)
    if named:
        named = (to_iob2 if entities else _without_slips)(file, named, account)
    account.close(len(named))
    if not named:
        raise file.empty("tagged sentence")
    _refuse_implausible(file, named, entities=entities)
    return [TaggedSentence(one.tokens, one.tags, one.identifier) for one in named]


def _without_code(
    file: Origin, sentences: Sequence[NumberedSentence], account: Account
) -> Sequence[NumberedSentence]:
    """Cut the code that every word of raw WikiAnn begins with: `en:Lake`."""
    first = _CODE.match(sentences[0].tokens[0]) if sentences else None
    if first is None or sum(len(sentence.tokens) for sentence in sentences) < 3:
        return sentences
    code = first[0]
    words = [(n, word) for one in sentences for n, word in zip(one.lines, one.tokens, strict=True)]
    others = [(number, word) for number, word in words if not word.startswith(code)]
    if len(others) > len(words) / 2:
        return sentences
    if others:
        raise _no_word(file, *others[0], code)
    warnings.warn(
        f"{file.at()}: every word begins with `{code}`, as in raw WikiAnn; it was cut",
        DataWarning,
        stacklevel=2,
    )
    result: list[NumberedSentence] = []
    for one in sentences:
        if code in one.tokens:
            number = one.lines[one.tokens.index(code)]
            account.broken(number, _no_word(file, number, code, code))
            continue
        result.append(one._replace(tokens=tuple(word.removeprefix(code) for word in one.tokens)))
    return result


def _no_word(file: Origin, number: int, word: str, code: str) -> InputError:
    return file.error(
        number,
        expected=f"a word after `{code}`, with which words of raw WikiAnn begin",
        found=f"`{word[:40]}`",
        next_step=f"Remove `{code}` from all words, and lines without a word.",
    )


def _with_text(
    file: Origin, sentences: Sequence[NumberedSentence], account: Account
) -> Sequence[NumberedSentence]:
    """Leave out sentences whose words were replaced by `_`, as where the text is not free."""
    without = [sentence for sentence in sentences if _is_without_text(sentence)]
    if not without:
        return sentences
    if len(without) > _MOST_WITHOUT_TEXT * len(sentences):
        raise file.error(
            without[0].lines[0],
            expected=f"at most {_MOST_WITHOUT_TEXT:.0%} of the sentences without text",
            found=f"{len(without)} of {len(sentences)} in which `_` stands for the words, the "
            "first at this line",
            next_step="Merge the text in: treebanks whose text is not free come with a script or "
            "a link for it.",
        )
    for sentence in without:
        account.leave_out("without text (`_` stands for the words)", sentence.lines[0])
    return [sentence for sentence in sentences if not _is_without_text(sentence)]


def _is_without_text(sentence: NumberedSentence) -> bool:
    """Tell a sentence of blanked words from one with a true `_`."""
    blank = [
        tag
        for word, tag in zip(sentence.tokens, sentence.tags, strict=True)
        if word[0] == "_" and _BLANK.fullmatch(word)
    ]
    if len(blank) == 1 and blank[0] in _TRUE_UNDERSCORES:
        return False
    return 2 * len(blank) > len(sentence.tokens)


def _renamed(
    sentences: Sequence[NumberedSentence], account: Account, *, entities: bool
) -> list[NumberedSentence]:
    """Give tags the names that the mapping has for them."""
    names = {tag: "" for sentence in sentences for tag in sentence.tags}
    left_out = set[str]()
    for tag in names:
        if entities:
            names[tag] = account.tag(_with_hyphen(tag, account))
        else:
            named = account.label(tag)
            names[tag] = named or ""
            if named is None:
                left_out.add(tag)
    result: list[NumberedSentence] = []
    for sentence in sentences:
        if tag := next((tag for tag in sentence.tags if tag in left_out), ""):
            account.leave_out(f"with the tag `{tag}`", sentence.lines[0])
            continue
        result.append(sentence._replace(tags=tuple(names[tag] for tag in sentence.tags)))
    return result


def _without_slips(
    file: Origin, sentences: Sequence[NumberedSentence], account: Account
) -> list[NumberedSentence]:
    """Note words without a tag, and the odd tag among universal parts of speech."""
    counts = Counter(tag for sentence in sentences for tag in sentence.tags)
    n_others = sum(n for tag, n in counts.items() if tag not in UPOS)
    is_universal = n_others <= _SLIPS * counts.total()
    wrong = {tag for tag in counts if tag not in UPOS and (is_universal or tag == "_")}
    if len(counts) == 1:
        wrong = set()
    result: list[NumberedSentence] = []
    for sentence in sentences:
        slip = next((at for at, tag in enumerate(sentence.tags) if tag in wrong), None)
        if slip is None:
            result.append(sentence)
            continue
        tag, number = sentence.tags[slip], sentence.lines[slip]
        near = closest(tag.upper(), list(UPOS))
        hint = f"Did you mean `{near}`? " if near and tag != "_" else ""
        error = file.error(
            number,
            expected="a part of speech for each word"
            + (", universal ones as nearly all are" if tag != "_" else ""),
            found=f"`{tag[:40]}` on token `{sentence.tokens[slip][:40]}`",
            next_step=f"{hint}Mend the tag, rename it (`labels: {{theirs: ours}}` in a YAML "
            "mapping), or leave such sentences out: `repair: skip`.",
        )
        account.broken(number, error)
    return result


def _with_hyphen(tag: str, account: Account) -> str:
    """Write `B_PER`, as LST20 has it, with a hyphen."""
    known = tag in account.reading.renamed
    return tag if known or not _UNDERSCORED.match(tag) else f"{tag[0]}-{tag[2:]}"


def _refuse_implausible(
    file: Origin, sentences: Sequence[NumberedSentence], *, entities: bool
) -> None:
    """Refuse what is no text of words, and entity data without an entity."""
    n_words = sum(len(sentence.tokens) for sentence in sentences)
    n_letters = sum(sum(map(has_letter, one.tokens)) for one in sentences)
    number, token, tag = sentences[0].lines[0], sentences[0].tokens[0], sentences[0].tags[0]
    if n_letters < _LEAST_WITH_LETTERS * n_words or not n_letters:
        raise _implausible(
            file,
            number,
            "words, most of which have letters",
            f"letters in {n_letters} of {n_words} words, the first `{token[:40]}`",
            "Look whether the words stand in another column: `columns: {tokens: 2, tags: 3}` in a "
            "YAML mapping.",
        )
    tags = {tag for sentence in sentences for tag in sentence.tags}
    if entities and tags == {"O"}:
        raise _implausible(
            file,
            number,
            "entities: B-TYPE and I-TYPE among the tags",
            f"`O` on all {n_words} words",
            "Look whether the tags stand in another column: `columns: {tokens: 1, tags: 3}` in a "
            "YAML mapping; or remove the file.",
        )
    if tags == {"_"}:
        raise _implausible(
            file,
            number,
            "tags of the words",
            f"`{tag}` on all {n_words} words",
            "Name the column of the tags in a YAML mapping: `columns: {tokens: 1, tags: 3}`.",
        )


def _implausible(
    file: Origin, number: int, expected: str, found: str, next_step: str
) -> InputError:
    return file.error(number, expected=expected, found=found, next_step=next_step)
