from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study import Prepared
from isogloss.study.store.counted import material_of
from unit.study import toys


def test_counts_are_near_what_is_prepared(prepared: Prepared, bed: Path) -> None:
    spec = toys.spec(tasks=["pos"])
    counted = material_of(spec, str(bed), None)
    for language in spec.languages:
        for split in ("train", "dev", "test"):
            exact = prepared.n_tokens(language, split)
            assert counted.n_tokens(language, split) == pytest.approx(exact, rel=0.25)
        assert counted.n_examples("pos", language) == spec.finetuning.max_examples
        exact = prepared.n_examples("pos", language, "test")
        assert counted.n_examples("pos", language, "test") == exact


def test_what_lies_in_the_folder_is_taken(prepared: Prepared, bed: Path) -> None:
    assert material_of(toys.spec(tasks=["pos"]), str(bed), prepared.folder).facts == prepared.facts
    other = material_of(toys.spec(tasks=[]), str(bed), prepared.folder)
    assert "tokens" in other.facts, "prepared for another study: counted anew"


def test_nothing_is_written(bed: Path, tmp_path: Path) -> None:
    material_of(toys.spec(tasks=["pos"]), str(bed), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_split_without_text_is_refused(data: Path) -> None:
    (data / "text" / "qaa.dev.txt").write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="one line of text"):
        material_of(toys.spec(tasks=[]), str(data), None)
