"""Whether files are still what was written: a changed number reads like any other."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

_SEAL: Final = "digest"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests_of(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digests of files by their path in a folder."""
    return {str(path.relative_to(folder)): file_digest(path) for path in sorted(paths)}


def first_changed(folder: Path, digests: Mapping[str, str]) -> Path | None:
    """Return the first file that is gone or no longer what was written, or None.

    Args:
        folder: that the paths are in.
        digests: as `digests_of` returned them.
    """
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file() or file_digest(path) != digest:
            return path
    return None


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content for a JSON file with its own digest in it."""
    return {**content, _SEAL: _digest(content)}


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Return whether content is as it was sealed; what was never sealed is taken as it is.

    Example:
        >>> is_sealed(sealed({"a": 1})), is_sealed({**sealed({"a": 1}), "a": 2})
        (True, False)
    """
    rest = {key: value for key, value in content.items() if key != _SEAL}
    return _SEAL not in content or content[_SEAL] == _digest(rest)


def _digest(content: Mapping[str, Any]) -> str:
    # As JSON gives it back: its keys are text, and it has no tuples.
    plain = json.loads(json.dumps(content))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
