"""Each source file with code has its test file at the mirrored place."""

from pathlib import Path

from structure import sources

# Source files whose tests stand elsewhere, each with the reason.
ELSEWHERE: dict[str, str] = {}


def _mirror(path: Path) -> Path:
    """Return where the tests of `path` belong; an `__init__.py` is tested under its room's name."""
    inside = path.relative_to(sources.PACKAGE)
    name = inside.parent.name if path.stem == "__init__" else path.stem.strip("_")
    return sources.ROOT / "tests" / "unit" / inside.parent / f"test_{name}.py"


def test_sources_have_their_tests() -> None:
    missing = [
        f"{sources.name(path)} -> {sources.name(_mirror(path))}"
        for path in sources.files()
        if sources.holds_code(path)
        and sources.name(path) not in ELSEWHERE
        and not _mirror(path).is_file()
    ]
    assert not missing, "source files without their test file:\n" + "\n".join(missing)


def test_tests_have_their_sources() -> None:
    """A test file whose source moved away moves with it."""
    mirrors = {_mirror(path) for path in sources.files()}
    tests = (sources.ROOT / "tests" / "unit").rglob("test_*.py")
    stray = [sources.name(path) for path in tests if path not in mirrors]
    assert not stray, f"test files that mirror no source file: {stray}"


def test_exceptions_are_still_needed() -> None:
    gone = [path for path in ELSEWHERE if not (sources.ROOT / path).is_file()]
    assert not gone, f"listed in ELSEWHERE but no longer there: {gone}"
