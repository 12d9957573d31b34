import math
from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.diagnosis.grouping.of_text import (
    script_affinity,
    text_affinity,
    typology_affinity,
)

EN, SW, FR = (Language.parse(code) for code in ("en", "sw", "fr"))


def test_affinities_without_a_model() -> None:
    hindi = Language.parse("hi")
    assert script_affinity([EN, hindi, SW]).tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    near = text_affinity({EN: ["abab"], FR: ["abab", "abab"], hindi: ["xyz"]})
    assert near[0, 1] == pytest.approx(1)
    assert near[0, 2] == 0
    one = text_affinity({EN: ["aab"], FR: ["abb"]}, longest=1)
    assert one[0, 1] == pytest.approx(2 * math.sqrt(2) / 3)


def test_features_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "features.csv"
    path.write_text("language,order,tone,nothing\nen,1,0,\nsw,3,0,\nfr,2,,\n")
    found = typology_affinity(path, [EN, SW, FR])
    assert found[0, 1] == pytest.approx(1 - 0.5)
    assert found[0, 2] == pytest.approx(1 - 0.5), "one feature is known of both"
    assert found.diagonal() == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("language,a\nen,1\n", "no row of swa-Latn"),
        ("language,a\nen,x\nsw,1\n", "features of every language"),
        ("language,a,b\nen,1,\nsw,,2\n", "without a common feature"),
        ("language\nen\nsw\n", "none"),
    ],
)
def test_files_that_say_nothing(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "features.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        typology_affinity(path, [EN, SW])
    with pytest.raises(InputError, match="No such file"):
        typology_affinity(tmp_path / "none.csv", [EN, SW])
