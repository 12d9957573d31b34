"""What a user reads is plain English: words of a private dialect stay out."""

import re

from structure import sources

DIALECT = re.compile(r"told apart|beyond doubt|comes? along|by heart|at the door")
READ = ("README.md", "CHANGELOG.md", "docs", "src", "results", "studies")
KINDS = {".md", ".py", ".yaml", ".html", ".j2", ".js", ".csv", ".json"}


def test_no_word_of_a_dialect_is_read() -> None:
    files = [
        path
        for name in READ
        for path in ((sources.ROOT / name).rglob("*") if "." not in name else [sources.ROOT / name])
        if path.suffix in KINDS
    ]
    assert len(files) > len(READ)
    found = [
        str(path.relative_to(sources.ROOT))
        for path in files
        if DIALECT.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
