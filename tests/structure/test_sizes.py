"""Files, functions and argument lists stay small enough to read."""

from statistics import median

import pytest

from structure import sources

LONGEST_FILE = 350
LONGEST_FUNCTION = 50
MOST_ARGUMENTS = 8


def test_files_are_short() -> None:
    long = {
        sources.name(path): n
        for path in sources.files()
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long, f"files over {LONGEST_FILE} lines, to be split by what they are about: {long}"


def test_functions_are_short() -> None:
    long = {
        f"{sources.name(path)}:{function.lineno} {function.name}": n
        for path in sources.files()
        for function in sources.functions(path)
        if (n := sources.code_lines(function)) > LONGEST_FUNCTION
    }
    assert not long, f"functions over {LONGEST_FUNCTION} lines of code: {long}"


def test_argument_lists_are_short() -> None:
    many = {
        f"{sources.name(path)}:{function.lineno} {function.name}": n
        for path in sources.files()
        for function in sources.functions(path)
        if (n := _n_arguments(function)) > MOST_ARGUMENTS
    }
    assert not many, f"functions with more than {MOST_ARGUMENTS} arguments: {many}"


def test_sizes_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Print the medians; the target of the median function is 8 lines, of the median file 200."""
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in sources.files()]
    sizes = [sources.code_lines(f) for path in sources.files() for f in sources.functions(path)]
    with capsys.disabled():
        print(
            f"\nsizes: {len(lines)} files, median {median(lines):.0f}, longest {max(lines)} lines; "
            f"{len(sizes)} functions, median {median(sizes):.0f}, longest {max(sizes)} lines"
        )
    assert median(lines) <= 200
    assert median(sizes) <= 20


def _n_arguments(function: sources.Function) -> int:
    """Count the arguments a caller may give: `self` and `cls` are not among them."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in arguments)
