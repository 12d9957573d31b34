"""Lines of a UTF-8 file with their numbers, streamed, and errors that say exactly where."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from isogloss.core import InputError

# A "line" beyond this is a file without line ends; reading it whole would break the memory bound.
MAX_LINE_BYTES: Final = 16 * 2**20

# How files begin that stand in the place of data: a download that went wrong, or is to be unpacked.
_NO_DATA: Final = (
    (b"version https://git-lfs", "a Git LFS pointer, not the file", "Fetch it: `git lfs pull`."),
    (b"<!doctype html", "a web page", "Download the file itself, not the page that shows it."),
    (b"<html", "a web page", "Download the file itself, not the page that shows it."),
    (b"pk\x03\x04", "a ZIP archive", "Unpack it."),
    (b"\x1f\x8b", "a gzip file", "Unpack it: `gunzip FILE`."),
    (b"%pdf-", "a PDF file", "Extract its text first."),
    (b"par1", "a Parquet file", "Name it `.parquet`, or give it in a mapping."),
    (b"\xff\xfe", "UTF-16", "Convert the file: `iconv -f UTF-16 -t UTF-8`."),
    (b"\xfe\xff", "UTF-16", "Convert the file: `iconv -f UTF-16 -t UTF-8`."),
)


class Origin(Protocol):
    """Where data come from, for messages: a file with lines, or a table with rows."""

    def at(self, line: int | None = None) -> str:
        """Return the place, with the number of its line or row."""
        ...

    def error(self, line: int | None, *, expected: str, found: str, next_step: str) -> InputError:
        """Return the error to raise for a line or row."""
        ...

    def empty(self, what: str) -> InputError:
        """Return the error for a place in which nothing was found."""
        ...


@dataclass(frozen=True)
class SourceFile:
    """A data file and whose data it is.

    Args:
        path: the file.
        language: the language (or pair of languages) it holds, for messages.
    """

    path: Path
    language: str = ""

    def at(self, line: int | None = None) -> str:
        """Return `path, line 7 (tel-Telu)`."""
        place = str(self.path) if line is None else f"{self.path}, line {line}"
        return f"{place} ({self.language})" if self.language else place

    def error(self, line: int | None, *, expected: str, found: str, next_step: str) -> InputError:
        """Return the error to raise for `line` of this file."""
        return InputError(expected=expected, found=found, where=self.at(line), next_step=next_step)

    def empty(self, what: str) -> InputError:
        """Return the error for a file in which nothing was found."""
        return self.error(
            None,
            expected=f"at least one {what}",
            found="none",
            next_step="Fill the file, or remove it so that the split counts as absent.",
        )

    def unreadable(self, error: OSError) -> InputError:
        """Return the error for a file that the operating system does not give us."""
        return self.error(
            None,
            expected="a file that can be read",
            found=error.strerror or str(error),
            next_step="Check the path and its permissions.",
        )

    def lines(self) -> Iterator[tuple[int, str]]:
        r"""Stream (line number from 1, line without its line end).

        Only `\n` (or `\r\n`) ends a line: U+2028 and U+0085 are characters of the text. A byte
        order mark at the start of the file is not text. Nothing else is stripped or normalised:
        marks above and below letters carry meaning in most scripts.

        Raises:
            InputError: the file cannot be read, is not UTF-8 (with line and byte position), or has
                a line of more than 16 MiB.
        """
        try:
            with self.path.open("rb") as file:
                yield from self._decoded(iter(partial(file.readline, MAX_LINE_BYTES + 1), b""))
        except OSError as error:
            raise self.unreadable(error) from error

    def _decoded(self, raw_lines: Iterator[bytes]) -> Iterator[tuple[int, str]]:
        """Decode each line, keeping count of lines and bytes for the messages."""
        offset = 0
        for number, raw in enumerate(raw_lines, start=1):
            if number == 1:
                self._refuse_no_data(raw)
            size = len(raw)
            if size > MAX_LINE_BYTES:
                raise self.error(
                    number,
                    expected=f"lines of at most {MAX_LINE_BYTES // 2**20} MiB",
                    found="a longer one",
                    next_step="Put one sentence or paragraph on a line.",
                )
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self.error(
                    number,
                    expected="UTF-8",
                    found=f"byte 0x{raw[error.start]:02x} at byte {offset + error.start} of the "
                    f"file ({error.reason})",
                    next_step="Convert the file: `iconv -f OLD_ENCODING -t UTF-8`.",
                ) from error
            offset += size
            if number == 1:
                line = line.removeprefix("\ufeff")
            if line[-1:] == "\n":
                line = line[:-2] if line[-2:] == "\r\n" else line[:-1]
            yield number, line

    def _refuse_no_data(self, first: bytes) -> None:
        """Refuse a file that is told by its first bytes to be something else than text."""
        begins = first[:64].lstrip().lower()
        for beginning, what, next_step in _NO_DATA:
            if begins.startswith(beginning):
                raise self.error(1, expected="text in UTF-8", found=what, next_step=next_step)
