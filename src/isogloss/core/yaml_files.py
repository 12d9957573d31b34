"""YAML that a person wrote: read without surprises, mistakes with their line."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, ClassVar, Final

import yaml

from isogloss.core.errors import InputError
from isogloss.core.validation import shown

# A mapping of 500 languages has 100 kB and 5,000 values; what is larger is not written by hand.
_MOST_BYTES: Final = 1_000_000
_MOST_VALUES: Final = 100_000
_DEEPEST: Final = 40
_TAG: Final = "tag:yaml.org,2002:"
_KEYS: Final = tuple(_TAG + kind for kind in ("str", "int", "merge"))
_PLAIN: Final = tuple(_TAG + kind for kind in ("null", "bool", "int", "float", "str", "seq", "map"))


class _CarefulLoader(yaml.SafeLoader):
    """Refuses what PyYAML takes without a word: a key twice, a key that is no text, a bomb."""

    # Sets, binary and the like are nothing that our files hold; a date stays the text it was.
    yaml_constructors: ClassVar[dict[str | None, Any]] = {
        **{tag: yaml.SafeLoader.yaml_constructors[tag] for tag in _PLAIN},
        None: yaml.SafeLoader.construct_undefined,
        f"{_TAG}timestamp": yaml.SafeLoader.construct_yaml_str,
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping, if no key stands there twice and each is text or a number."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag not in _KEYS:
                read = shown(self.construct_object(key, deep=True))
                found = f"`{key.value}`, which YAML reads as {read}," if _is_word(key) else read
                raise _problem(f"{found} as a key: put it in quotes", key)
            if key.value != "<<" and key.value in seen:
                raise _problem(f"the key `{key.value}` a second time", key)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)

    def get_single_data(self) -> object:
        """Return the content of the one document, if it is no larger than it looks."""
        node = self.get_single_node()
        if node is None:
            return None
        _count(node, {}, 0)
        return self.construct_document(node)


def _count(node: yaml.Node, counted: dict[int, int], depth: int) -> int:
    """Return the values below a node as they are when every alias is written out.

    A few hundred bytes of aliases to aliases stand for billions of values: whoever walks through
    them does not come back.
    """
    if depth > _DEEPEST:
        raise _problem(f"values nested more than {_DEEPEST} deep", node)
    if id(node) not in counted:
        counted[id(node)] = 0
        below = [part for pair in node.value for part in pair] if _is_mapping(node) else node.value
        children = [] if isinstance(node, yaml.ScalarNode) else below
        counted[id(node)] = 1 + sum(_count(child, counted, depth + 1) for child in children)
    elif counted[id(node)] == 0:
        raise _problem("an anchor that holds itself", node)
    if counted[id(node)] > _MOST_VALUES:
        raise _problem(f"more than {_MOST_VALUES:,} values, aliases written out", node)
    return counted[id(node)]


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _is_word(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _problem(text: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    """Return an error that knows its line."""
    return yaml.constructor.ConstructorError(None, None, text, node.start_mark)


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
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        _refuse_large(content, str(path))
        return parse_yaml(content.decode(), where=str(path))
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
        InputError: it is not YAML, is larger or deeper than a person writes, says a key twice, or
            has a key that is neither text nor a whole number.

    Example:
        >>> parse_yaml("[1, two]", where="--set")
        [1, 'two']
    """
    _refuse_large(text, where)
    try:
        # A subclass of the safe loader: tags that make objects stay refused.
        return yaml.load(text, _CarefulLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        is_deep = isinstance(error, RecursionError)
        said = "values nested too deep" if is_deep else getattr(error, "problem", None) or error
        raise InputError(
            expected="YAML",
            found=f"a mistake ({str(said).strip()})",
            where=f"{where}, line {mark.line + 1}" if mark else where,
            next_step="Mend the line; text with a colon, a brace or a star needs quotation marks.",
        ) from error


def _refuse_large(content: str | bytes, where: str) -> None:
    """Refuse what no person wrote, before it is parsed."""
    if len(content) > _MOST_BYTES:
        raise InputError(
            expected=f"at most {_MOST_BYTES / 1e6:g} MB of YAML, which a person wrote",
            found="more",
            where=where,
            next_step="Is this the right file? Data are named in such a file, not held in it.",
        )
