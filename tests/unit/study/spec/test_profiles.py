from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.study.spec.profiles import lay_profile

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
