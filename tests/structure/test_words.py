"""What a user reads is plain English: words of a private dialect stay out."""

import ast
import re

from structure import sources

DIALECT = re.compile(r"told apart|beyond doubt|comes? along|by heart|at the door")
# "One row a language" is no English; what a tensor holds are tokens, not pieces.
PER = re.compile(
    r"\b(rows?|backward|file|passes|batch|nats) an? "
    r"(language|row|target|batch|run|group|task|treatment|mixture|update|sentence|token)\b",
    re.IGNORECASE,
)
PIECES = re.compile(r"\bpieces?\b(?!:)")
OF_TENSORS = {"evaluation", "training", "objectives", "models", "tasks", "diagnosis", "study"}
# A gradient is measured; only the analyses of a sequential design are looks, in statistics.
LOOKS = re.compile(
    r"\b(?:a|one|two|each|the|of|last|first) looks?\b(?![- ]ahead)|\blooks? at the (?:lang|grad)"
)
MEASURED = {"diagnosis", "gradients", "training", "study"}
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


def test_no_docstring_says_a_where_it_means_per() -> None:
    found = [
        f"{place}: {said.group()}"
        for place, text in _docstrings()
        if (said := PER.search(text)) and "every row a target" not in text
    ]
    assert not found, "write `per`:\n" + "\n".join(found)


def test_docstrings_about_tensors_speak_of_tokens() -> None:
    found = [
        place
        for place, text in _docstrings()
        if place.split("/")[2] in OF_TENSORS and PIECES.search(text)
    ]
    assert not found, "write `tokens`:\n" + "\n".join(found)


def test_gradients_are_measured_not_looked_at() -> None:
    found = [
        f"{place}: {said.group()}"
        for place, text in _docstrings()
        if place.split("/")[2] in MEASURED and (said := LOOKS.search(text))
    ]
    assert not found, "write `measurement`:\n" + "\n".join(found)


def test_a_vocabulary_has_tokens() -> None:
    """Where text is cut, too: `piece` is left to files that are read piece by piece."""
    found = [
        sources.name(path)
        for path in (sources.PACKAGE / "data").rglob("*.py")
        if path.name not in {"protocol.py", "examples.py"}
        and re.search(r"\bpieces?\b", path.read_text(encoding="utf-8"))
    ]
    assert not found, "write `tokens`"


def _docstrings() -> list[tuple[str, str]]:
    """Return every docstring of the package and the file that it stands in."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return [
        (sources.name(path), text)
        for path in sources.files()
        for node in ast.walk(sources.tree(path))
        if isinstance(node, kinds) and (text := ast.get_docstring(node))
    ]
