"""YAML that a person wrote: read without surprises, mistakes with their line."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from isogloss.core.errors import InputError


class _UniqueKeys(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word; this loader refuses them."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping, if no key stands there twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<" and key.value in seen:
                problem = f"the key `{key.value}` a second time"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, *, what: str, next_step: str) -> object:
    """Return what a YAML file holds, as plain lists, dictionaries, text and numbers.

    Args:
        path: the file.
        what: the kind of file, for the message.
        next_step: where a file of that kind is to be found or explained.

    Raises:
        InputError: there is no such file, it is not UTF-8, or it is not YAML (with the line).
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise InputError(expected=what, found=found, where=str(path), next_step=next_step)
    try:
        return parse_yaml(path.read_text(encoding="utf-8"), where=str(path))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            expected="UTF-8",
            found=f"byte 0x{error.object[error.start]:02x} at byte {error.start} of the file",
            where=f"{path}, line {line}",
            next_step="Convert the file: `iconv -f OLD_ENCODING -t UTF-8`.",
        ) from error
    except OSError as error:
        raise InputError(
            expected="a file that can be read",
            found=error.strerror or str(error),
            where=str(path),
            next_step="Check its permissions.",
        ) from error


def parse_yaml(text: str, *, where: str) -> object:
    """Return what a piece of YAML holds.

    Args:
        text: the YAML.
        where: file or option that it comes from, for the message.

    Raises:
        InputError: it is not YAML, or says a key twice.

    Example:
        >>> parse_yaml("[1, two]", where="--set")
        [1, 'two']
    """
    try:
        # A subclass of the safe loader: tags that make objects stay refused.
        return yaml.load(text, _UniqueKeys)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            expected="YAML",
            found=f"a mistake ({str(getattr(error, 'problem', None) or error).strip()})",
            where=f"{where}, line {mark.line + 1}" if mark else where,
            next_step="Mend the line; text with a colon, a brace or a star needs quotation marks.",
        ) from error
