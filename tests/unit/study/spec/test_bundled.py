from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study import bundled_studies, load_spec
from isogloss.study.spec.bundled import study_file


def test_each_is_called_like_its_file() -> None:
    assert {"real-small", "wang2020-main", "lee2022"} <= set(bundled_studies())
    assert all(name == content["name"] for name, content in bundled_studies().items())


def test_a_name_is_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_spec(Path("real-small")).name == "real-small"
    (tmp_path / "real-small").mkdir()  # as `--out real-small` leaves it
    assert load_spec(Path("real-small")).name == "real-small"
    assert load_spec(Path("wang2020-main"), profile="small").name == "wang2020-main"


def test_a_file_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real-small").write_text("name: mine\nmixtures: [[en, sw]]\n", encoding="utf-8")
    assert load_spec(Path("real-small")).name == "mine"


def test_other_paths_are_left_alone(tmp_path: Path) -> None:
    for path in (Path("real-small.yaml"), tmp_path / "real-small", tmp_path):
        assert study_file(path) == path


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean `real-small`"):
        study_file(Path("real-smal"))
