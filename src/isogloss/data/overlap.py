"""Text that stands in two places: in two splits, or under two languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.data.characters import distinct
from isogloss.data.plausible import Finding
from isogloss.data.sources import Unit

LARGEST_OVERLAP: Final = 0.1
"""Share of a split that may also stand in another one; beyond it the data are refused.

Clean data have next to none; what people use has some per cent (headings, names, forms of
address), which moves a score less than another seed does. More than a tenth is no accident: a part
of the test set was trained on, or a file stands under two names.
"""
# Less than a hundredth under two languages are names, numbers and quotations.
_WORTH_A_LINE: Final = 0.01


@dataclass(frozen=True, eq=False)
class Side:
    """The texts of one language in one unit.

    Args:
        unit: the unit.
        language: whose texts; of parallel text, one of the two.
        digests: hash of the normal form of each text, shape [n_examples].
    """

    unit: Unit
    language: Language
    digests: NDArray[np.int64]

    def __str__(self) -> str:
        if len(self.unit.languages) == 1:
            return str(self.unit)
        return f"{self.unit}, the side of {self.language}"


@dataclass(frozen=True)
class Overlap:
    """Two sides with texts in common.

    Args:
        first: the one that is tested on, or comes later.
        second: the other.
        n_shared: different texts in both.
        share: of the different texts of the smaller one.
    """

    first: Side
    second: Side
    n_shared: int
    share: float


def overlaps(sides: Sequence[Side]) -> list[Overlap]:
    """Return all pairs of sides that share a text.

    The digests are sorted once, whatever the number of units: the time grows with the text.
    """
    from scipy.sparse import csr_array  # Takes a while to load, and lists and help need none.

    different = [distinct(side.digests) for side in sides]
    if not different:
        return []
    digests = np.concatenate(different)
    owners = np.repeat(np.arange(len(sides)), [len(one) for one in different])
    _, numbers, counts = np.unique(digests, return_inverse=True, return_counts=True)
    shared = counts[numbers] > 1
    shape = (len(sides), len(counts))
    present = csr_array((np.ones(shared.sum(), np.int64), (owners[shared], numbers[shared])), shape)
    common = (present @ present.T).tocoo()
    found: list[Overlap] = []
    for i, j, n in zip(*common.coords, common.data, strict=True):
        if i > j:
            smaller = min(len(different[i]), len(different[j]))
            found.append(Overlap(sides[i], sides[j], int(n), float(n) / smaller))
    return sorted(found, key=lambda one: (str(one.first), str(one.second)))


def overlap_findings(
    sides: Sequence[Side], *, largest: float, planted: bool = False, in_use: bool = False
) -> Iterator[Finding]:
    """Yield the overlaps of one kind of data.

    Args:
        sides: of all units of a kind, those of its sets included.
        largest: share beyond which an overlap is an error.
        planted: languages share text on purpose, as in a test bed.
        in_use: all units are used together, so that sets of one kind must not overlap either.
    """
    few: list[Overlap] = []
    for one in overlaps(sides):
        if _is_meant(one, planted=planted):
            continue
        if one.first.language != one.second.language and one.share < min(_WORTH_A_LINE, largest):
            few.append(one)
            continue
        apart = one.first.unit.kind != one.second.unit.kind and not in_use
        error = one.share > largest and not apart
        yield Finding("error" if error else "warning", str(one.first), _text(one))
    if few:
        most = max(few, key=lambda one: one.share)
        texts = sum(one.n_shared for one in few)
        text = (
            f"{texts} texts stand under two languages, in {len(few)} pairs of files with less than "
            f"{_WORTH_A_LINE:.0%} in common; most in {most.first} and {most.second} "
            f"({most.n_shared})"
        )
        yield Finding("warning", most.first.unit.task, text)


def _is_meant(one: Overlap, *, planted: bool) -> bool:
    """Tell whether two sides may share text."""
    first, second = one.first, one.second
    if first.language.base != second.language.base:
        return planted
    # One English sentence may be translated into many languages.
    return first.unit.split == second.unit.split or first.unit.languages != second.unit.languages


def _text(one: Overlap) -> str:
    """Say what two sides share and what follows."""
    smaller = min(one.first, one.second, key=lambda side: len(side.digests))
    verb = "text also stands" if one.n_shared == 1 else "texts also stand"
    found = f"{one.n_shared} {verb} in {one.second}, {one.share:.1%} of {smaller}"
    if one.first.language != one.second.language:
        return f"{found}: one text under two languages; give each its own"
    splits = {one.first.unit.split, one.second.unit.split}
    if "train" not in splits:
        return f"{found}: what is chosen by dev data is then tested on them; remove them from one"
    return f"{found}: scores on them measure memory; remove them from train"
