"""The door: folders, mappings, our own mapping; anything else says what is accepted."""

from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.data.sources import open_source


def test_a_folder_and_a_mapping_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "sw.train.txt").write_text("moja\n", encoding="utf-8")
    mapping = tmp_path / "data.yaml"
    mapping.write_text("text: {files: '{language}.{split}.txt', languages: [sw]}", encoding="utf-8")
    swahili = Language.parse("sw")
    first, second = open_source(tmp_path), open_source(str(mapping))
    assert list(first.text(swahili, "train")) == list(second.text(swahili, "train")) == ["moja"]
    assert first.fingerprint("text", swahili, "train") == second.fingerprint(
        "text", swahili, "train"
    )


def test_our_mapping_of_the_hub_lists_six_data_sets_without_network() -> None:
    source = open_source("hub")
    assert source.kinds() == ("text", "ner", "pos", "nli", "qa", "topic")
    for code in ("en", "sw", "ar"):
        assert source.has("text", Language.parse(code), "train")
        assert source.has("topic", Language.parse(code), "test")
    assert len(source.languages("nli")) == 15
    assert not source.has("qa", Language.parse("sw"), "test")


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing at this path"):
        open_source(tmp_path / "absent")
    (tmp_path / "x.txt").write_text("a", encoding="utf-8")
    with pytest.raises(InputError, match="a file of another type"):
        open_source(tmp_path / "x.txt")


def test_a_saved_data_set_needs_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "dataset_info.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="Say what it holds in a YAML file"):
        open_source(tmp_path)
