from pathlib import Path

from isogloss.core import digests_of, first_changed, is_sealed, sealed
from isogloss.core.digests import file_digest


def test_a_changed_or_missing_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    files = [tmp_path / "a", tmp_path / "sub" / "b"]
    for path in files:
        path.write_bytes(b"content")
    digests = digests_of(tmp_path, files)
    assert digests["sub/b"] == file_digest(files[1])
    assert first_changed(tmp_path, digests) is None
    files[1].write_bytes(b"Content")
    assert first_changed(tmp_path, digests) == files[1]
    files[0].unlink()
    assert first_changed(tmp_path, digests) == files[0]


def test_content_holds_its_own_digest() -> None:
    content = {"numbers": (1, 2.5), "names": {1: "one"}}
    assert is_sealed(sealed(content))
    assert is_sealed(
        {"numbers": [1, 2.5], "names": {"1": "one"}, "digest": sealed(content)["digest"]}
    )
    assert not is_sealed({**sealed(content), "numbers": [1, 2.6]})
    assert is_sealed({"never": "sealed"})
