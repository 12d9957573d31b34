from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.data import all_text


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    for language, word in (("en", "house"), ("sw", "nyumba")):
        for split in ("train", "dev", "test"):
            write(data / "text" / f"{language}.{split}.txt", f"{word} {split}\n")
    write(data / "ner" / "en.train.txt", "Nairobi\tB-LOC\nis\tO\n\nnear\tO\n")
    write(data / "topic" / "sw.train.tsv", "text\tlabel\nmaji ni uhai\tscience\n")
    write(data / "parallel" / "en-sw.test.tsv", "water\tmaji\n")
    return data


def test_text_and_labelled_data_of_a_folder(folder: Path) -> None:
    found = list(all_text([folder]))
    assert ("Nairobi", "is") in found
    assert ("near",) in found
    assert {"house train", "nyumba test", "maji ni uhai", "water", "maji"} <= set(found)
    assert not {"science", "B-LOC"} & set(found)


def test_of_some_languages_only_what_is_theirs(folder: Path) -> None:
    found = set(all_text([folder], [Language.parse("sw")]))
    assert found == {"nyumba train", "nyumba dev", "nyumba test", "maji ni uhai"}


def test_files_are_read_line_by_line(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.txt", "one line\n\nanother\n")
    assert list(all_text([path, path])) == ["one line", "another"] * 2


def test_an_absent_language_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"data of fra-Latn.*eng-Latn, swa-Latn"):
        list(all_text([folder], [Language.parse("fr")]))
