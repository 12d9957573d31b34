"""Text from files and users, safe for a terminal: no character that moves, hides or recolours."""

import re
from typing import Final

# Controls of both sets (ESC and the one-byte CSI among them), DEL, the marks that turn the
# direction of writing, line separators, and halves of surrogates, which no encoding can write.
_ACTIVE: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_IN_TEXT: Final = re.compile(f"[{_ACTIVE}]")
_IN_LINE: Final = re.compile(rf"[\t\n{_ACTIVE}]")


def printable(text: str, *, one_line: bool = False) -> str:
    r"""Return text with every character that a terminal would act on as an escape to read.

    Args:
        text: from anywhere.
        one_line: line feeds and tabs are escaped too.

    Example:
        >>> print(printable("label \x1b[31m red"))
        label \x1b[31m red
        >>> print(printable("two\nlines", one_line=True))
        two\nlines
    """
    return (_IN_LINE if one_line else _IN_TEXT).sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    """Return a character as Python and JSON write it."""
    named = {"\n": r"\n", "\t": r"\t", "\r": r"\r"}
    code = ord(found.group())
    return named.get(found.group(), f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
