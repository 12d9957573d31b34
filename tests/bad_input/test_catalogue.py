"""Each mistake is met by its message, exit code 2, no traceback, and loses nothing."""

import hashlib
import re
import shlex
import shutil
from pathlib import Path

import pytest

from bad_input.catalogue import MISTAKES, page
from bad_input.mistake import Mistake
from isogloss.cli import main
from structure import sources


def _contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what.replace(" ", "-"))
def test_mistakes(
    mistake: Mistake,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    origin = request.getfixturevalue("finished") if mistake.done else made
    place = Path(shutil.copytree(origin, tmp_path / "place"))
    monkeypatch.chdir(place)
    mistake.make(place)
    before = _contents(place)
    capsys.readouterr()
    with monkeypatch.context() as patch:
        if mistake.patch is not None:
            mistake.patch(patch)
        code = main(shlex.split(mistake.command))
    told = capsys.readouterr()
    message = told.err.strip().splitlines()[-1]
    assert message.startswith("isogloss: "), told.err
    assert mistake.is_told_by(message.removeprefix("isogloss: ")), message
    assert (code, told.out) == (2, "")
    assert "Traceback" not in told.err
    after = _contents(place)
    touched = [name for name, digest in before.items() if after.get(name) != digest]
    assert not [name for name in touched if not re.fullmatch(mistake.rewrites, name)]


def test_there_are_many_kinds_and_each_once() -> None:
    whats = [mistake.what for mistake in MISTAKES]
    assert len(set(whats)) == len(whats) >= 30


def test_the_book_shows_them() -> None:
    written = (sources.ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")
    assert written == page(), "run `python tests/bad_input/write_page.py`"
