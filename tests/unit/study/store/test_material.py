"""Data are looked at as a whole before anything is trained on them."""

import json
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.diagnosis import measured_forgetting
from isogloss.study import prepare
from isogloss.study.store.material import FORGETTING_LENGTH, refuse_destroyed
from unit.study import toys
from unit.study.toys import OTHER


def text(data: Path, language: str, split: str) -> Path:
    return data / "text" / f"{language}.{split}.txt"


@pytest.mark.parametrize("changed", [str.upper, lambda line: f" {line}  ", str])
def test_test_text_that_is_training_text_is_refused(
    data: Path, tmp_path: Path, changed: "type[str]"
) -> None:
    lines = text(data, "qaa", "train").read_text().splitlines()
    text(data, "qaa", "test").write_text("\n".join(map(changed, lines[:40])) + "\n")
    with pytest.raises(InputError, match="scores on them measure memory") as refused:
        prepare(toys.spec(), str(data), tmp_path / "out")
    assert "text qaa-Latn test" in refused.value.where
    assert not (tmp_path / "out" / "prepared" / "tokenizer").exists(), "before the long work"
    prepared = prepare(
        toys.spec(largest_overlap=1),
        str(data),
        tmp_path / "free",
    )
    assert any("also stand" in one for one in prepared.facts["warnings"])


def test_one_text_under_two_languages_is_refused(data: Path, tmp_path: Path) -> None:
    (data / "truth.yaml").unlink()  # languages of a test bed share text on purpose
    text(data, "qab", "train").write_bytes(text(data, "qaa", "train").read_bytes())
    with pytest.raises(InputError, match="one text under two languages"):
        prepare(toys.spec(), str(data), tmp_path / "out")


def test_what_the_study_does_not_use_is_no_matter(data: Path, tmp_path: Path) -> None:
    source = next((data / "pos").glob("qaa.train.*"))
    next((data / "pos").glob("qaa.test.*")).write_bytes(source.read_bytes())
    prepare(toys.spec(tasks=["ner"]), str(data), tmp_path / "out")
    with pytest.raises(InputError, match="pos qaa-Latn t"):
        prepare(toys.spec(tasks=["pos"]), str(data), tmp_path / "out")


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_text_shorter_than_a_row_is_refused_with_what_it_takes(
    data: Path, tmp_path: Path, split: str
) -> None:
    text(data, "qab", split).write_text("moja mbili\n")
    with pytest.raises(InputError) as refused:
        prepare(toys.spec(), str(data), tmp_path / "out")
    assert f"{split} text of {OTHER}" in refused.value.where
    assert "23 tokens of text, about" in refused.value.expected
    assert "11 bytes" in refused.value.found


def test_a_longer_row_is_asked_of_what_is_prepared_already(data: Path, tmp_path: Path) -> None:
    prepare(toys.spec(), str(data), tmp_path / "out")
    long = {**toys.CONTENT["pretraining"], "length": 4000}
    with pytest.raises(InputError, match="at least one sequence of 4000 tokens"):
        prepare(toys.spec(pretraining=long), str(data), tmp_path / "out")


def test_dev_text_that_is_not_there_is_held_out(data: Path, tmp_path: Path) -> None:
    whole = prepare(toys.spec(), str(data), tmp_path / "whole")
    text(data, "qab", "dev").unlink()
    prepared = prepare(toys.spec(), str(data), tmp_path / "out")
    n_dev, n_train = (prepared.corpus(OTHER, split).n_lines for split in ("dev", "train"))
    assert n_dev > 0 and n_train + n_dev == whole.corpus(OTHER, "train").n_lines
    assert any("no dev data" in one for one in prepared.facts["warnings"])
    key = f"text/{OTHER}/train"
    assert prepared.facts["hashes"][key] != whole.facts["hashes"][key]


def test_rows_of_forgetting_are_as_long_as_the_measurement_reads_them() -> None:
    assert measured_forgetting.LENGTH == FORGETTING_LENGTH


def test_only_the_model_of_a_run_that_destroyed_its_start_is_refused(tmp_path: Path) -> None:
    standing = {"nats": {"qaa-Latn": 3.0}, "retrieval": {}}
    model = str(tmp_path / "model")
    for content in ("{}", "damaged", json.dumps({"guard": {"destroyed": True}})):
        (tmp_path / "result.json").write_text(content)
        refuse_destroyed(model)
    guard = {"start": standing, "end": {**standing, "nats": {"qaa-Latn": 5.0}}}
    (tmp_path / "result.json").write_text(json.dumps({"guard": {**guard, "destroyed": False}}))
    refuse_destroyed(model)
    refuse_destroyed("micro")
    (tmp_path / "result.json").write_text(json.dumps({"guard": {**guard, "destroyed": True}}))
    with pytest.raises(InputError, match=r"dev loss 3\.00 -> 5\.00 nats.*not measured"):
        refuse_destroyed(model)
