"""Labels that training lacks, sets of a task, and what there is to score."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study import prepare
from unit.study import toys
from unit.study.toys import BASE


def move(data: Path, kind: str, split: str, name: str) -> None:
    """Make a set of its own of one split of a kind."""
    for path in (data / kind).glob(f"*.{split}.*"):
        language = path.name.split(".")[0]
        path.rename(path.with_name(f"{language}.{name}.{split}{path.suffix}"))


def test_trained_on_one_set_and_tested_on_another(data: Path, tmp_path: Path) -> None:
    whole = prepare(toys.spec(tasks=["pos"]), str(data), tmp_path / "whole")
    move(data, "pos", "test", "other")
    spec = toys.spec(tasks=[{"task": "pos", "test": "pos.other"}])
    assert spec.tasks == ("pos-on-pos.other",)
    prepared = prepare(spec, str(data), tmp_path / "sets")
    name = "pos-on-pos.other"
    assert prepared.facts["examples"][name] == whole.facts["examples"]["pos"]
    assert prepared.facts["hashes"][f"{name}/{BASE}"] == whole.facts["hashes"][f"pos/{BASE}"]
    with pytest.raises(InputError, match=r"there is pos\.other"):
        prepare(toys.spec(tasks=["pos"]), str(data), tmp_path / "none")


def test_the_hash_follows_the_test_set(data: Path, tmp_path: Path) -> None:
    move(data, "pos", "test", "other")
    spec = toys.spec(tasks=[{"task": "pos", "test": "pos.other"}])
    before = prepare(spec, str(data), tmp_path / "a").facts["hashes"]
    path = next((data / "pos").glob("qaa.other.test.*"))
    path.write_text(path.read_text().split("\n\n", 1)[1])
    after = prepare(spec, str(data), tmp_path / "b").facts["hashes"]
    key = f"pos-on-pos.other/{BASE}"
    assert before[key] != after[key]


def test_tags_that_training_lacks_are_refused(data: Path, tmp_path: Path) -> None:
    for path in (data / "ner").glob("*.test.*"):
        path.write_text(path.read_text().replace("-PER", "-PERSON"))
    with pytest.raises(InputError, match=r"labels that train(ing)? ") as refused:
        prepare(toys.spec(tasks=["ner"]), str(data), tmp_path / "out")
    assert "PERSON" in str(refused.value)


def test_a_label_that_two_languages_write_in_two_ways_is_refused(
    data: Path, tmp_path: Path
) -> None:
    for path in (data / "ner").glob("qab.*"):
        path.write_text(path.read_text().replace("-PER", "-PERSON"))
    spec = toys.spec(tasks=["ner"])
    with pytest.raises(InputError, match=r"`labels: {PERSON: PER}`") as refused:
        prepare(spec, str(data), tmp_path / "out")
    assert "is trained on" in refused.value.expected
    joint = toys.spec(tasks=["ner"], treat="finetuning", match=["language"])
    assert "B-PERSON" in prepare(joint, str(data), tmp_path / "joint").labels("ner")
