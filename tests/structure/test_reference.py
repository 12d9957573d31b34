"""The reference has every public package, once, and the book lists every page."""

import re
from collections import Counter

from structure import sources

REFERENCE = sources.ROOT / "docs" / "reference"


def test_every_room_is_on_one_page() -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted(REFERENCE.glob("*.md"))]
    shown = Counter(
        room for page in pages for room in re.findall(r"^::: isogloss\.(\w+)$", page, re.MULTILINE)
    )
    assert shown == Counter(room for room in sources.ROOMS if room != "cli")


def test_every_page_is_in_the_book() -> None:
    book = (sources.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"reference/(\w+\.md)", book))
    assert listed == {path.name for path in REFERENCE.glob("*.md")}
