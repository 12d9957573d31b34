"""A file, or our share of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.data.readers import SourceFile
from isogloss.data.sources.files import FileContents, split_of


@given(st.text())
def test_every_line_has_a_split(line: str) -> None:
    assert split_of(line) in {"train", "dev", "test"}
    assert split_of(line) == split_of(line)


def test_the_division_never_changes() -> None:
    outside = [number for number in range(200) if split_of(f"line {number}") != "train"]
    assert outside == [32, 36, 63, 114, 154]


def test_near_copies_are_on_one_side() -> None:
    for number in range(200):
        copies = (f"Café {number}", f" café  {number}\t", f"CAFE\u0301 {number}")
        assert len({split_of(copy) for copy in copies}) == 1


def test_shares_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "sw.txt").write_text("a\n\n", encoding="utf-8")
    file = SourceFile(tmp_path / "sw.txt")
    shares = [FileContents(file, share) for share in (None, "train", "dev")]
    assert len({share.fingerprint() for share in shares}) == 3
    assert [share.n_blank_lines() for share in shares] == [1, 1, 0]


def test_a_text_too_short_to_divide_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sw.txt").write_text("a\n", encoding="utf-8")
    with pytest.raises(InputError, match="enough lines for a dev split"):
        list(FileContents(SourceFile(tmp_path / "sw.txt"), "dev").text())


def test_the_fingerprint_of_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a file that can be read"):
        FileContents(SourceFile(tmp_path / "absent")).fingerprint()
