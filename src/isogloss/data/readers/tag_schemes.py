"""Entity tags in IOB2: B-X begins an entity of type X, I-X continues it, O is outside.

IOB1 (I- begins too), BIOES (S- for one word, E- for the last; BMES with M- inside) and BILOU (U-
and L-) are converted where it is certain which one a file has, or where the mapping says so.

Reference:
    Lev Ratinov and Dan Roth 2009, Design Challenges and Misconceptions in Named Entity Recognition,
    https://aclanthology.org/W09-1119
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final, NamedTuple

from isogloss.core import InputError, closest
from isogloss.data.readers.columns import NumberedSentence
from isogloss.data.readers.examples import DataWarning
from isogloss.data.readers.layout import UPOS
from isogloss.data.readers.lines import Origin
from isogloss.data.readers.reading import Account

_IOB2: Final = re.compile(r"O|[BI]-[^\s|]+")
_TAG: Final = re.compile(r"([BIESLUM])[-_]([^\s|]+)")
_MARKS: Final[Mapping[str, str]] = {"BIOES": "ESM", "BILOU": "LU"}
# Above this share of the sentences with entities, breaches of a scheme are no slips.
_SLIPS: Final = 0.05
_LISTED: Final = 6


def is_iob2(tag: str) -> bool:
    """Tell whether `tag` has the form of an IOB2 tag.

    Example:
        >>> is_iob2("B-PER"), is_iob2("S-PER"), is_iob2("B-"), is_iob2("B-PER|B-ORG")
        (True, False, False, False)
    """
    return _IOB2.fullmatch(tag) is not None


def repair_orphans(tags: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Read each I-X that continues no entity of type X as the B-X that begins one.

    So do conlleval and seqeval, and so do we, but counted and never silently. Tags in IOB1 become
    IOB2 by it.

    Args:
        tags: the tags of one sentence, each of IOB2 form.

    Returns:
        The tags in strict IOB2, and the positions of those that were changed.

    Example:
        >>> repair_orphans(["O", "I-LOC", "I-LOC", "I-PER"])
        (('O', 'B-LOC', 'I-LOC', 'B-PER'), (1, 3))
    """
    previous = ("O", *tags)
    # Only the type of the tag before matters, and a repair doesn't change it.
    orphans = tuple(
        position
        for position, (before, tag) in enumerate(zip(previous, tags, strict=False))
        if tag.startswith("I-") and before[2:] != tag[2:]
    )
    repaired = list(tags)
    for position in orphans:
        repaired[position] = f"B-{repaired[position][2:]}"
    return tuple(repaired), orphans


class _Flat(NamedTuple):
    """The tags of a sentence of BIOES or BILOU as IOB2, and the first place that breaks it."""

    tags: tuple[str, ...]
    breach: int | None


def to_iob2(
    file: Origin, sentences: Sequence[NumberedSentence], account: Account
) -> list[NumberedSentence]:
    """Return the sentences with their tags in IOB2, and warn of what was converted.

    Args:
        file: where they stand.
        sentences: with entity tags of any scheme.
        account: the scheme that the mapping names, if it does; is told which tags are broken.

    Raises:
        InputError: tags that are no entity tags, or of several schemes.
    """
    _refuse_no_tags(file, sentences)
    scheme = account.reading.scheme
    name = scheme.upper() if scheme else _scheme(sentences)
    wrong = _wrong({tag for one in sentences for tag in one.tags}, _allowed(name, scheme))
    whole = [one for one in sentences if _is_whole(file, one, account, wrong)]
    if name in _MARKS:
        return _from_marked(file, whole, name, account)
    return _from_iob(file, whole, account)


def _refuse_no_tags(file: Origin, sentences: Sequence[NumberedSentence]) -> None:
    """Refuse a file most of whose tags are no entity tags, by what they seem to be."""
    counts = Counter(tag for sentence in sentences for tag in sentence.tags if tag != "O")
    strange = {
        tag: n
        for tag, n in counts.items()
        if not _TAG.fullmatch(tag) and any(map(str.isalnum, tag))
    }
    if sum(strange.values()) <= sum(counts.values()) / 2:
        return
    number, token, tag = next(
        (number, token, tag)
        for sentence in sentences
        for number, token, tag in zip(*sentence[:3], strict=True)
        if tag in strange
    )
    listed = sorted(strange)[:_LISTED]
    raise file.error(
        number,
        expected="entity tags: O, B-TYPE or I-TYPE",
        found=f"`{tag}` on token `{token[:40]}`",
        next_step=_way_out(listed, more=len(strange) > _LISTED),
    )


def _way_out(tags: Sequence[str], *, more: bool) -> str:
    """Return what to do about tags that are no entity tags."""
    if set(tags) <= UPOS:
        return "These are parts of speech: give the file as kind `pos`."
    if all(tag.isdecimal() for tag in tags):
        return "Name the numbers in a YAML mapping: `labels: [O, B-PER, I-PER, ...]`."
    if any("|" in tag for tag in tags):
        return "Nested entities are not read: keep one tag for each word."
    renamed = {tag: found for tag in tags if (found := _mended(tag)) is not None}
    if not renamed:
        return "Look whether the tag stands in another column: `columns: {tokens: 1, tags: 2}`."
    pairs = ", ".join(f"{tag}: {found}" for tag, found in renamed.items())
    return f"Rename them in a YAML mapping: `labels: {{{pairs}{', ...' if more else ''}}}`."


def _mended(tag: str) -> str | None:
    """Return the IOB2 tag that another way of writing means; None for what is no tag."""
    if match := _TAG.fullmatch(tag):
        return f"{'I' if match[1] in 'IELM' else 'B'}-{match[2]}"
    for mark in "-_":
        first, _, last = tag.partition(mark)
        if first.lower() in {"b", "i"} and last:
            return f"{first.upper()}-{last.upper() if last.islower() else last}"
        first, _, last = tag.rpartition(mark)
        if last in {"B", "I"} and first:
            return f"{last}-{first}"
    if tag in {"B", "I"}:
        return f"{tag}-ENTITY"
    if tag == "o":
        return "O"
    return f"I-{tag}" if re.fullmatch(r"[^\W\d_]\S*", tag) else None


def _allowed(name: str, asked: str | None) -> str:
    """Return the marks of a scheme; of one that was found, those of both that mark the last word.

    Marks of the other one are a mixture then, and not a slip.
    """
    if name not in _MARKS:
        return "BI"
    return "BI" + (_MARKS[name] if asked else "".join(_MARKS.values()))


def _wrong(tags: Set[str], allowed: str) -> Set[str]:
    """Return the tags that are not of the scheme whose marks are allowed."""
    matches = {tag: _TAG.fullmatch(tag) for tag in tags if tag != "O"}
    return {tag for tag, match in matches.items() if match is None or match[1] not in allowed}


def _is_whole(file: Origin, sentence: NumberedSentence, account: Account, wrong: Set[str]) -> bool:
    """Tell whether all tags of a sentence are of the scheme; the first other one is noted."""
    if wrong.isdisjoint(sentence.tags):
        return True
    number, token, tag = next(one for one in zip(*sentence[:3], strict=True) if one[2] in wrong)
    account.broken(number, _slip(file, number, token, tag))
    return False


def _slip(file: Origin, number: int, token: str, tag: str) -> InputError:
    """Return the error for one wrong tag in a file of right ones."""
    found = f"`{tag[:40]}` on token `{token[:40]}`"
    joined = re.fullmatch(r".+?((?:[BI]-[A-Z]+)|O)", tag)
    step = "Give the word its tag (O if it is in no entity)"
    if (joined and not tag.isascii() | tag.isupper()) or (joined and not tag.isupper()):
        found += ": a word and its tag without a divider"
        step = f"Put the divider of the file before `{joined[1]}`"
    elif not any(map(str.isalnum, tag)):
        found += ": a word in the place of the tag"
    elif "|" in tag:
        step = "Keep one tag for each word"
    elif near := closest(tag, ["O", _mended(tag) or "O"]):
        step = f"Did you mean `{near}`? {step}"
    return file.error(
        number,
        expected="an entity tag: O, B-TYPE or I-TYPE",
        found=found,
        next_step=f"{step}, or leave such sentences out: `repair: skip` in a YAML mapping.",
    )


def _marks(sentences: Iterable[NumberedSentence]) -> Counter[str]:
    """Count the marks before the types: B, I, S, ..."""
    return Counter(tag[0] for sentence in sentences for tag in sentence.tags if _TAG.fullmatch(tag))


def _scheme(sentences: Sequence[NumberedSentence]) -> str:
    """Return the scheme whose own marks occur, in more sentences than slips would be."""
    tags = {tag for sentence in sentences for tag in sentence.tags}
    known = {tag: tag[0] for tag in tags if _TAG.fullmatch(tag)}
    if set("".join(_MARKS.values())).isdisjoint(known.values()):
        return "IOB"
    own = [{known[tag] for tag in sentence.tags if tag in known} for sentence in sentences]
    n_entities = sum(1 for marks in own if marks)
    found = {
        name: sum(1 for marks in own if marks & set(wanted)) for name, wanted in _MARKS.items()
    }
    name = max(found, key=lambda scheme: found[scheme])
    return name if found[name] > _SLIPS * n_entities else "IOB"


def _from_marked(
    file: Origin, sentences: Sequence[NumberedSentence], name: str, account: Account
) -> list[NumberedSentence]:
    """Convert BIOES or BILOU; sentences that break the scheme are slips if they are few."""
    counts = _marks(sentences)
    # LST20 and others mark the last word of an entity, but not an entity of one word.
    lone = not (counts["S"] or counts["U"])
    other = "".join(marks for scheme, marks in _MARKS.items() if scheme != name)
    result: list[NumberedSentence] = []
    breaches: list[tuple[int, str]] = []
    n_entities = 0
    for sentence in sentences:
        flat = _flattened(sentence.tags, other, lone=lone)
        n_entities += any(tag != "O" for tag in sentence.tags)
        if flat.breach is not None:
            breaches.append((sentence.lines[flat.breach], sentence.tags[flat.breach]))
            number, tag = breaches[-1]
            account.broken(number, _mixed(file, number, tag, name))
        else:
            result.append(sentence._replace(tags=flat.tags))
    if breaches and (len(breaches) > max(_SLIPS * n_entities, 1) or not result):
        number, tag = breaches[0]
        raise _mixed(file, number, tag, name, n=len(breaches))
    changed = {mark: n for mark, n in counts.items() if mark not in "BI"}
    if not changed:
        return result
    shown = ", ".join(f"{n} {mark}-" for mark, n in sorted(changed.items()))
    warnings.warn(
        f"{file.at()}: tags in {name} were converted to IOB2 ({shown})", DataWarning, stacklevel=2
    )
    return result


def _flattened(tags: Sequence[str], other: str, *, lone: bool) -> _Flat:
    """Return the tags of one sentence of BIOES or BILOU in IOB2.

    Args:
        tags: each O or a mark and a type.
        other: marks of the other scheme.
        lone: B- may stand for an entity of one word.
    """
    flat: list[str] = []
    kind, length = "", 0  # of the entity that is open
    breach: int | None = None
    for at, tag in enumerate([*tags, "O"]):
        mark, own = tag[0], tag[2:]
        goes_on = mark in "IEML" and own == kind
        unclosed = kind and not goes_on and not (lone and length == 1)
        if breach is None and (unclosed or (mark in "IEML" and not goes_on) or mark in other):
            breach = max(at - 1, 0) if unclosed else at
        flat.append("O" if mark == "O" else f"{'I' if goes_on else 'B'}-{own}")
        length = length + 1 if goes_on else 1
        kind = own if mark in "BIM" else ""
    return _Flat(tuple(flat[:-1]), breach)


def _mixed(file: Origin, number: int, tag: str, name: str, *, n: int = 1) -> InputError:
    also = f", and {n - 1} sentences more that break it" if n > 1 else ""
    return file.error(
        number,
        expected=f"tags of one scheme; other tags of the file are {name}",
        found=f"`{tag}` in a sentence that is not {name}{also}",
        next_step="Convert all tags to IOB2: B- begins an entity, I- continues it.",
    )


def _from_iob(
    file: Origin, sentences: Sequence[NumberedSentence], account: Account
) -> list[NumberedSentence]:
    """Convert IOB1, and repair single I- tags that continue nothing, with one warning."""
    result: list[NumberedSentence] = []
    n_orphans, first = 0, 0
    for sentence in sentences:
        tags, orphans = repair_orphans(sentence.tags)
        n_orphans += len(orphans)
        first = first or (sentence.lines[orphans[0]] if orphans else 0)
        result.append(sentence._replace(tags=tags))
    if n_orphans:
        text = f"{n_orphans} I- tags in this file continue no entity and were read as B-"
        if account.reading.scheme == "iob1" or _is_iob1(sentences):
            text = f"tags in IOB1 were converted to IOB2: {n_orphans} I- that begin became B-"
        message = f"{file.at(first)}: {text} (first one at this line)"
        warnings.warn(message, DataWarning, stacklevel=2)
    return result


def _is_iob1(sentences: Sequence[NumberedSentence]) -> bool:
    """Tell whether every B- stands where IOB1 has it: after a word of the same type."""
    return all(
        before[2:] == tag[2:]
        for sentence in sentences
        for before, tag in zip(("O", *sentence.tags), sentence.tags, strict=False)
        if tag.startswith("B-")
    )
