"""What pydantic complains of, in the words of our own messages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from pydantic import ValidationError

from isogloss.core.errors import InputError

_LONGEST: Final = 60
# Kind of complaint -> what the place accepts; the braces are filled from the complaint's context.
_EXPECTED: Final[Mapping[str, str]] = {
    "missing": "the key `{key}`",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "string_too_short": "text that is not empty",
    "list_type": "a list, as [a, b]",
    "tuple_type": "a list, as [a, b]",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "literal_error": "{expected}",
}


@dataclass(frozen=True)
class Complaint:
    """The complaint that a user should hear first.

    Attributes:
        keys: way from the top to the place.
        expected: what the place accepts.
        found: what was there instead, shortened.
        is_unknown_key: the last key is none that the place knows.
        cause: the error of ours behind it, if one was raised while checking.
    """

    keys: tuple[str, ...]
    expected: str
    found: str
    is_unknown_key: bool
    cause: InputError | None


def first_complaint(error: ValidationError) -> Complaint:
    """Return one complaint of many; a misspelt key explains the one that is missing.

    Example:
        >>> from pydantic import BaseModel
        >>> class Settings(BaseModel):
        ...     updates: int
        >>> try:
        ...     Settings.model_validate({"updates": "many"})
        ... except ValidationError as error:
        ...     first_complaint(error).expected
        'a whole number'
    """
    findings = error.errors(include_url=False)
    first = min(findings, key=lambda finding: finding["type"] != "extra_forbidden")
    context = first.get("ctx", {})
    cause = context.get("error")
    kind, message = first["type"], first["msg"].removeprefix("Value error, ")
    context = {"key": first["loc"][-1] if first["loc"] else "", **context}
    return Complaint(
        keys=tuple(str(key) for key in first["loc"]),
        expected=_EXPECTED[kind].format(**context)
        if kind in _EXPECTED
        else message[:1].lower() + message[1:],
        found="nothing" if kind == "missing" else shown(first["input"]),
        is_unknown_key=kind == "extra_forbidden",
        cause=cause if isinstance(cause, InputError) else None,
    )


def is_switch(annotation: object, value: object) -> bool:
    """Return whether true or false stands where numbers belong: to Python both are numbers.

    Args:
        annotation: type of the place, as pydantic reads it.
        value: what was given, perhaps a list or keys with values.

    Example:
        >>> is_switch(int, True), is_switch(tuple[int, ...], [0, True]), is_switch(bool, True)
        (True, True, False)
    """
    kinds = _kinds(annotation)
    return bool in _types(value) and bool not in kinds and not kinds.isdisjoint({int, float})


def _kinds(annotation: object) -> set[type]:
    """Return the types that an annotation is made of."""
    inside = get_args(annotation)
    if inside:
        return set().union(*map(_kinds, inside))
    return {annotation} if isinstance(annotation, type) else set()


def _types(value: object) -> set[type]:
    """Return the types of a value, or of those inside of a list or of keys with values."""
    if isinstance(value, dict):
        return set().union(*map(_types, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(_types, value))
    return {type(value)}


def shown(value: object) -> str:
    """Return a value of a YAML file as a message shows it: short, and as the user wrote it.

    Example:
        >>> shown("many"), shown(None)
        ('`many`', 'nothing')
        >>> shown(False)
        '`false` (YAML reads no, off and false so: put a word in quotes)'
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        words = "yes, on and true" if value else "no, off and false"
        return f"`{str(value).lower()}` (YAML reads {words} so: put a word in quotes)"
    text = ""
    for piece in [value] if isinstance(value, str) else _pieces(value):
        text += piece[: _LONGEST + 1]
        if len(text) > _LONGEST:
            return f"`{text[:_LONGEST]}...`"
    return f"`{text}`"


def _pieces(value: object) -> Iterator[str]:
    """Yield the text of plain data bit by bit: whoever shows its beginning makes no more of it."""
    if isinstance(value, dict):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield ", " if index else ""
            yield from _pieces(key)
            yield ": "
            yield from _pieces(item)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "[" if isinstance(value, list) else "("
        for index, item in enumerate(value):
            yield ", " if index else ""
            yield from _pieces(item)
        yield "]" if isinstance(value, list) else ")"
    else:
        yield _short(value)


def _short(value: object) -> str:
    """Return one value as text; Python refuses to write out whole numbers of 4,300 digits."""
    if isinstance(value, int) and value.bit_length() > 4 * _LONGEST:
        return f"a whole number of {value.bit_length()} bits"
    return repr(value[: _LONGEST + 1] if isinstance(value, str) else value)


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
