"""JSON that isogloss wrote: read back whole, or refused with the file named."""

import json
from pathlib import Path
from typing import Any

from isogloss.core.errors import InputError


def read_json(path: Path, *, what: str, next_step: str) -> dict[str, Any]:
    """Return the keys and values of a JSON file.

    Args:
        path: the file.
        what: what it should be, for the message.
        next_step: how the user gets a whole one.

    Raises:
        InputError: there is no such file, it cannot be read, or it holds anything else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TypeError("no keys and values")
        return content
    except FileNotFoundError as error:
        found, cause = "no such file", error
    # Brackets nested some thousand deep are a RecursionError.
    except (OSError, ValueError, TypeError, RecursionError) as error:
        found, cause = f"a damaged file ({error})", error
    raise InputError(expected=what, found=found, where=str(path), next_step=next_step) from cause
