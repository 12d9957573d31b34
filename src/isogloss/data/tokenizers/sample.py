"""The text that a shared vocabulary is trained on: balanced between languages, bounded in size."""

import math
import random
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from isogloss.core import InputError, Language
from isogloss.data.shares import language_shares


def normalised(line: str) -> str:
    r"""Return the line in NFC with single spaces; no mark is ever removed.

    Accents, vowel signs and viramas (Unicode category Mn) carry meaning: without them Hindi and
    Telugu lose their vowels.

    Example:
        >>> normalised("  cafe\u0301 \t noir ") == "caf\u00e9 noir"
        True
    """
    return " ".join(unicodedata.normalize("NFC", line).split())


def balanced_sample(
    samples: Mapping[Language, Iterable[str]], *, exponent: float, max_bytes: int, seed: int
) -> list[str]:
    """Return normalised lines in which language l has a share ~ bytes_l ** exponent of the bytes.

    The sample is as large as all text together, at most `max_bytes`. A large language gives every
    k-th line or so, spread evenly over its text; a small one gives its lines more than once.

    Args:
        samples: text of each language, iterated twice and never held.
        exponent: 0 = the same bytes of every language, 1 = as much as there is.
        max_bytes: limit of the whole sample in UTF-8 bytes.
        seed: moves the choice of lines.

    Returns:
        Lines, language after language.

    Raises:
        InputError: a language without text (it is named), or an exponent out of its range.
        TypeError: text that can be iterated only once.
    """
    for language, lines in samples.items():
        if isinstance(lines, Iterator):
            raise TypeError(f"text of {language} is read twice; found {type(lines).__name__}")
    sizes = {language: sum(_sizes(lines)) for language, lines in samples.items()}
    shares = language_shares(sizes, exponent)
    budget = min(max_bytes, sum(sizes.values()))
    sample: list[str] = []
    for (language, lines), share in zip(samples.items(), shares.tolist(), strict=True):
        phase = random.Random(f"{seed}\n{language}").random()
        sample += _spread(lines, share * budget / sizes[language], phase)
    return sample


def covering_characters(lines: Iterable[str], coverage: float) -> set[str]:
    """Return the most frequent characters that make up `coverage` of the text, the space left out.

    Args:
        lines: normalised text.
        coverage: fraction of the characters, above 0 and up to 1.

    Raises:
        InputError: `coverage` is out of its range.
    """
    if not 0 < coverage <= 1:
        raise InputError(
            expected="a coverage above 0 and up to 1",
            found=f"{coverage}",
            where="character coverage of the tokenizer",
            next_step="Leave it at its default; the other characters are written as bytes.",
        )
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(line)
    del counts[" "]
    wanted = math.ceil(coverage * counts.total())
    covered = 0
    kept: set[str] = set()
    # Ties by code point: the order of a Counter is that of the text, and no reason to prefer one.
    for character, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if covered >= wanted:
            break
        kept.add(character)
        covered += count
    return kept


def _sizes(lines: Iterable[str]) -> Iterator[int]:
    """Count the bytes of each line; to normalise a whole corpus would take ten times as long."""
    return (len(line.strip().encode()) for line in lines)


def _spread(lines: Iterable[str], rate: float, phase: float) -> Iterator[str]:
    """Yield each line `rate` times on average, measured in bytes, evenly along the text."""
    due = 0.0
    for line in lines:
        size = len(line.strip().encode())
        due += rate * size
        while size and due >= phase * size:
            yield normalised(line)
            due -= size
