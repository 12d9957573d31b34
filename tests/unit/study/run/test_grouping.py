import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import GROUP_FILES, InputError
from isogloss.diagnosis import AffinitySettings
from isogloss.study import GroupChoices, GroupTables, load_spec, write_groups
from unit.models.test_trimming import body

QUICK = AffinitySettings(batches=2, rows=2, length=12, updates=1)
FEATURES = "language,a\nen,0\nfr,0\nhi,1\nmr,1\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an untrained model and text: two languages of one half of its words, two of another."""
    folder = tmp_path_factory.mktemp("groups")
    (folder / "text").mkdir()
    for language, first in (("en", 5), ("fr", 5), ("hi", 60), ("mr", 60)):
        for split in ("train", "dev"):
            lines = [" ".join(f"word{first + (i * j) % 30}" for j in range(9)) for i in range(12)]
            (folder / "text" / f"{language}.{split}.txt").write_text("\n".join(lines) + "\n")
    body(folder / "body")
    (folder / "features.csv").write_text(FEATURES)
    return folder


def grouped(place: Path, out: Path, *affinities: str, **choices: object) -> GroupTables:
    made = GroupChoices(affinities, measured=QUICK, **choices)  # type: ignore[arg-type]
    return write_groups(place / "body", out, made, text=place / "text")


def test_tables_and_a_study_that_can_be_run(place: Path, tmp_path: Path) -> None:
    names = ("gradient", "look_ahead", "deviation", "text", "script", "typology")
    out = tmp_path / "out"
    found = grouped(place, out, *names, typology=place / "features.csv", by="typology")
    for name, table in GROUP_FILES.items():
        assert tuple(pd.read_csv(out / f"{name}.csv")) == table.columns
    assert found.about["groups"] == [["eng-Latn", "fra-Latn"], ["hin-Deva", "mar-Deva"]]
    agreement = found.tables["agreement"].set_index(["affinity_a", "affinity_b"])
    assert agreement.loc[("typology", "script"), "adjusted_rand"] == 1
    assert agreement.loc[("typology", "text"), "adjusted_rand"] == 1
    assert set(found.tables["predicted"]["language"]) == set(found.about["languages"])
    assert any("few ways to group" in note for note in found.about["notes"])
    spec = load_spec(out / "study.yaml")
    labels = [one.label for one in spec.treatments]
    assert {"untreated", "by_group", "random_groups", "shared_adapter"} <= set(labels)
    by_group, random = (
        next(one.options["groups"] for one in spec.treatments if one.label == label)
        for label in ("by_group", "random_groups")
    )
    assert by_group == found.about["groups"]
    assert random != by_group


def test_what_could_not_be_measured_is_named(place: Path, tmp_path: Path) -> None:
    found = grouped(place, tmp_path / "out", "typology", "script")
    assert found.about["could_not_measure"] == {"typology": "no file of features was given"}
    assert json.loads((tmp_path / "out" / "groups.json").read_text())["by"] == "script"


def test_refusals(place: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Did you mean `gradient`"):
        grouped(place, tmp_path / "out", "gradients")
    with pytest.raises(InputError, match="an affinity that groups"):
        grouped(place, tmp_path / "out", "typology")
    with pytest.raises(InputError, match="expected 2 to 3 groups"):
        grouped(place, tmp_path / "out", "script", n_groups=4)
    with pytest.raises(InputError, match="measured affinity"):
        grouped(place, tmp_path / "out", "script", by="text")
