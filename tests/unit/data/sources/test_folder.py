"""Folders become catalogues; what does not fit is refused or listed."""

import functools
import operator
from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.data.sources.folder import open_folder

SWAHILI, ENGLISH = Language.parse("sw"), Language.parse("en")


def put(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "text/sw.train.txt", "moja\nmbili\n")
    put(tmp_path, "text/eng-Latn.valid.txt", "one\n")
    put(tmp_path, "ner/sw.train.txt", "Nairobi B-LOC\n")
    put(tmp_path, "ner/swh.masakhaner.train.tsv", "Juma\tB-PER\n")
    put(tmp_path, "parallel/en-sw.test.tsv", "one\tmoja\n")
    put(tmp_path, "nli/sw.test.tsv", "a\tb\tneutral\n")
    put(tmp_path, "ner/README.md", "not data")
    put(tmp_path, "text/.hidden", "not data")
    put(tmp_path, "truth.yaml", "{}")
    return tmp_path


def test_kinds_languages_and_sets(folder: Path) -> None:
    source = open_folder(folder)
    assert source.kinds() == ("text", "ner", "ner.masakhaner", "nli", "parallel")
    assert source.languages("text") == (ENGLISH, SWAHILI)
    assert source.languages("parallel") == (ENGLISH, SWAHILI)
    assert source.languages("pos") == ()
    assert source.tagged("ner", SWAHILI, "train")[0].tags == ("B-LOC",)
    assert source.tagged("ner.masakhaner", SWAHILI, "train")[0].tags == ("B-PER",)


def test_aliases_and_split_names_in_file_names(folder: Path) -> None:
    source = open_folder(folder)
    assert list(source.text(ENGLISH, "dev")) == ["one"]
    assert source.has("text", ENGLISH, "dev") and not source.has("text", ENGLISH, "train")


def test_other_files_are_listed_not_read(folder: Path) -> None:
    assert [Path(name).name for name in open_folder(folder).ignored] == ["README.md"]


def test_one_name_that_is_no_language_hides_no_other_file(folder: Path) -> None:
    put(folder, "text/jap.train.txt", "x\n")
    source = open_folder(folder)
    assert list(source.text(SWAHILI, "train")) == ["moja", "mbili"]
    [reason] = [why for path, why in source.ignored.items() if path.endswith("jap.train.txt")]
    assert (
        "Did you mean `jpn-Jpan` (Japanese)? The languages that are there: eng-Latn, swa-Latn"
        in reason
    )
    with pytest.raises(InputError, match=r"jap\.train\.txt was passed over.*`jpn-Jpan` "):
        source.fingerprint("text", Language.parse("ja"), "train")


def test_names_of_which_none_is_a_language_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "jap.train.txt", "x\n")
    with pytest.raises(InputError, match=r"jap\.train\.txt.*Did you mean `jpn-Jpan`"):
        open_folder(tmp_path)


def test_parallel_text_in_a_file_for_each_side(folder: Path) -> None:
    put(folder, "parallel/sw-en.dev.en", "one\n\ntwo\n")
    put(folder, "parallel/sw-en.dev.sw", "moja\n\nmbili\n")
    source = open_folder(folder)
    assert source.pairs(ENGLISH, SWAHILI, "dev") == [("one", "moja"), ("two", "mbili")]
    whole = source.fingerprint("parallel", SWAHILI, "dev")
    put(folder, "parallel/sw-en.dev.en", "one\n\nTwo\n")
    assert open_folder(folder).fingerprint("parallel", SWAHILI, "dev") != whole
    put(folder, "parallel/sw-en.train.en", "one\n")
    with pytest.raises(InputError, match=r"each side of parallel.*sw-en\.train\.en alone"):
        open_folder(folder)


def test_tables_lie_in_folders_too(folder: Path) -> None:
    row = '{"premise": "a", "hypothesis": "b", "label": "neutral"}\n'
    put(folder, "nli/en.test.jsonl", row)
    [example] = open_folder(folder).classified("nli", ENGLISH, "test")
    assert (example.text, example.pair, example.label) == ("a", "b", "neutral")
    put(folder, "nli/en.test.json", row)
    with pytest.raises(InputError, match=r"en\.test\.json and en\.test\.jsonl"):
        open_folder(folder)


def test_a_folder_per_split_as_flores_lies(tmp_path: Path) -> None:
    put(tmp_path, "dev/eng_Latn.dev", "one\n")
    put(tmp_path, "devtest/swh_Latn.devtest", "moja\n")
    put(tmp_path, "devtest/notes.md", "x")
    put(tmp_path, "raw/eng_Latn.raw", "x")
    source = open_folder(tmp_path)
    assert list(source.text(ENGLISH, "dev")) == ["one"]
    assert list(source.text(SWAHILI, "test")) == ["moja"]
    assert [Path(name).name for name in source.ignored] == ["notes.md"]


def test_two_files_for_one_thing_are_refused(folder: Path) -> None:
    put(folder, "text/swa.train.txt", "x\n")
    with pytest.raises(InputError, match=r"sw\.train\.txt and swa\.train\.txt"):
        open_folder(folder)


def test_flat_text_with_splits(tmp_path: Path) -> None:
    put(tmp_path, "sw.train.txt", "moja\n")
    put(tmp_path, "sw.dev.txt", "mbili\n")
    put(tmp_path, "notes.md", "x")
    put(tmp_path, "sw.final.txt", "x")
    source = open_folder(tmp_path)
    assert [unit.split for unit in source.units()] == ["train", "dev"]
    assert [Path(name).name for name in source.ignored] == ["notes.md", "sw.final.txt"]


def test_one_file_a_language_is_divided_by_us(tmp_path: Path) -> None:
    lines = [f"line {number}" for number in range(2000)]
    put(tmp_path, "tel-Telu.txt", "\n".join(lines))
    source = open_folder(tmp_path)
    telugu = Language.parse("te")
    parts = {split: list(source.text(telugu, split)) for split in ("train", "dev", "test")}
    assert sorted(functools.reduce(operator.iadd, parts.values(), [])) == sorted(lines)
    assert 1880 <= len(parts["train"]) <= 1960
    assert min(len(parts["dev"]), len(parts["test"])) >= 20
    assert list(open_folder(tmp_path).text(telugu, "dev")) == parts["dev"]


def test_a_divided_file_beside_its_splits_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "sw.txt", "a\n")
    put(tmp_path, "sw.dev.txt", "b\n")
    with pytest.raises(InputError, match="one file for text swa-Latn dev"):
        open_folder(tmp_path)


def test_a_folder_without_data_is_refused_with_what_is_in_it(tmp_path: Path) -> None:
    put(tmp_path, "a.csv", "x")
    with pytest.raises(InputError, match=r"Found a\.csv"):
        open_folder(tmp_path)
    with pytest.raises(InputError, match="a folder that can be read"):
        open_folder(tmp_path / "absent")
