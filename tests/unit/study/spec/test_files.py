from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.study import bundled_studies, load_spec
from isogloss.study.spec.files import apply_override, lay_profile, study_file


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


FILE: dict[str, Any] = {
    "name": "one",
    "seeds": [0, 1],
    "pretraining": {"updates": 10, "rows": 4},
    "profiles": {"small": {"seeds": [0], "pretraining": {"updates": 2}}, "gpu": {"model": "paper"}},
}


def test_a_profile_changes_what_it_names_and_nothing_else() -> None:
    assert lay_profile(FILE, "small", "f") == {
        "name": "one",
        "seeds": [0],
        "pretraining": {"updates": 2, "rows": 4},
    }
    assert FILE["pretraining"] == {"updates": 10, "rows": 4}


def test_a_file_without_profiles_is_what_it_was() -> None:
    plain = {"name": "one"}
    assert lay_profile(plain, "", "f") == plain


@pytest.mark.parametrize(
    ("content", "profile", "message"),
    [
        (FILE, "", "one of the study's profiles: small, gpu.*--profile small"),
        (FILE, "smal", "Did you mean `small`"),
        ({"name": "one"}, "small", "`profiles`.*none in the file"),
        ({"profiles": {"small": 3}}, "small", "a profile without keys|none in the file"),
        ({"profiles": [1]}, "small", "none in the file"),
    ],
)
def test_refused(content: dict[str, Any], profile: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        lay_profile(content, profile, "study.yaml")


def test_a_dotted_key_is_set_in_place() -> None:
    content: dict[str, object] = {"finetuning": {"epochs": 3}}
    apply_override(content, "finetuning.rows=8")
    apply_override(content, "zero_shot_to=[fr, te]")
    assert content == {"finetuning": {"epochs": 3, "rows": 8}, "zero_shot_to": ["fr", "te"]}


def test_a_key_below_a_value_is_refused() -> None:
    with pytest.raises(InputError, match="keys below `name`"):
        apply_override({"name": "x"}, "name.first=1")
