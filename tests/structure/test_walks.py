"""The walks that docs/architecture.md tells go through files that are there."""

import re

from structure import sources

BOOK = sources.ROOT / "docs" / "architecture.md"


def _walks() -> list[str]:
    text = BOOK.read_text(encoding="utf-8")
    told = text[text.index("## Three walks") : text.index("## Decisions worth knowing")]
    return told.split("\n**")[1:]


def test_there_are_three_walks_through_files_that_exist() -> None:
    named = [re.findall(r"`([\w/]+\.py)`", walk) for walk in _walks()]
    assert len(named) == 3
    assert all(len(files) >= 5 for files in named)
    missing = [one for files in named for one in files if not (sources.PACKAGE / one).is_file()]
    assert not missing, f"docs/architecture.md names files that are not there: {missing}"
