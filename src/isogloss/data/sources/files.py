"""A unit of data that is one file, or our own share of one file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, final

from isogloss.core import InputError
from isogloss.data.characters import normal_form
from isogloss.data.readers import (
    ClassifiedText,
    Question,
    Reading,
    SourceFile,
    TaggedSentence,
    read_aligned,
    read_classified,
    read_pairs,
    read_questions,
    read_tagged,
    read_text,
)

# Hundredths of the lines that go to each split when we divide a text ourselves.
_SHARES: Final = ("train",) * 96 + ("dev",) * 2 + ("test",) * 2


def split_of(text: str) -> str:
    """Return the split of a line or document when we divide: 96 % train, 2 % dev, 2 % test.

    The hash of its normal form decides, so the division streams, is the same for ever, and puts
    repeated texts and near copies in the same split: nothing leaks from train to test.

    Example:
        >>> split_of("An isogloss is a line on a map.")
        'train'
    """
    form = normal_form(text).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(form, digest_size=8).digest()
    return _SHARES[int.from_bytes(digest, "big") % 100]


@final
@dataclass(frozen=True)
class FileContents:
    """One file.

    Args:
        file: the file and its language.
        share: the split whose lines of text are read, where one file holds all three.
        reading: what a mapping says about the reading.
        second: the other side of parallel text whose sides lie in two files.
    """

    file: SourceFile
    share: str | None = None
    reading: Reading = field(default_factory=Reading)
    second: SourceFile | None = None

    def text(self) -> Iterator[str]:
        """Stream the lines, of our share only if there is one."""
        if self.share is None:
            yield from read_text(self.file, reading=self.reading)
            return
        found = False
        for line in read_text(self.file, reading=self.reading):
            if split_of(line) == self.share:
                found = True
                yield line
        if not found:
            raise self._too_short()

    def tagged(self, *, entities: bool) -> list[TaggedSentence]:
        """Read tagged sentences."""
        return read_tagged(self.file, entities=entities, reading=self.reading)

    def classified(self, *, paired: bool) -> list[ClassifiedText]:
        """Read labelled texts."""
        return read_classified(self.file, paired=paired, reading=self.reading)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Stream translation pairs."""
        if self.second is not None:
            return read_aligned(self.file, self.second, reading=self.reading)
        return read_pairs(self.file, reading=self.reading)

    def questions(self) -> list[Question]:
        """Read questions."""
        return read_questions(self.file, reading=self.reading)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the bytes of the file; a share and a reading add theirs."""
        try:
            with self.file.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
        except OSError as error:
            raise self.file.unreadable(error) from error
        if self.second is not None:
            digest.update(FileContents(self.second).fingerprint().encode())
        if self.reading != Reading():
            digest.update(f"\0reading {self.reading}".encode())
        if self.share is not None:
            digest.update(f"\0share {self.share} by normal form".encode())
        return digest.hexdigest()

    def origin(self) -> object:
        """Return what is read: two units of the same origin are the same data."""
        columns = tuple(sorted(self.reading.columns.items()))
        second = self.second and self.second.path
        return self.file.path, second, columns, self.reading.prefix, self.share

    def n_blank_lines(self) -> int:
        """Return how many lines hold white space only; a divided file counts its own in train."""
        if self.share not in {None, "train"}:
            return 0
        if self.second is not None:
            return 0
        return sum(1 for _, line in self.file.lines() if not line or line.isspace())

    def _too_short(self) -> InputError:
        return self.file.error(
            None,
            expected=f"enough lines for a {self.share} split (2 in 100 for dev and for test)",
            found="none that falls in it",
            next_step="Give more text, or divide it yourself: {language}.train.txt, "
            "{language}.dev.txt, {language}.test.txt.",
        )
