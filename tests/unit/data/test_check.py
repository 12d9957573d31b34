"""`data check` finds what is wrong, stays quiet otherwise, and never crashes on broken files."""

import tracemalloc
from pathlib import Path

import pytest

from isogloss.data.check import DataCheck, check_data
from isogloss.data.sources import open_source

GOOD = {
    "text/sw.train.txt": "Moja mbili.\nTatu nne.\n",
    "text/sw.dev.txt": "Tano.\n",
    "text/sw.test.txt": "Sita.\n",
    "parallel/en-sw.test.tsv": "one\tmoja\n",
}


def check(folder: Path, files: dict[str, str | bytes]) -> DataCheck:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check_data(open_source(folder))


def findings(result: DataCheck) -> str:
    return "\n".join(map(str, result.findings))


def test_sound_data_give_counts_and_no_findings(tmp_path: Path) -> None:
    result = check(tmp_path, {**GOOD})
    assert (result.findings, result.usable) == ((), True)
    frame = result.frame()
    assert list(frame["n_examples"]) == [2, 1, 1, 1]
    assert list(frame["language"])[-1] == "eng-Latn+swa-Latn"
    assert set(frame["status"]) == {"read"}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("text/sw.train.txt", "a\n\nb\n", "warning: text swa-Latn train: 1 blank lines"),
        ("text/sw.train.txt", "a\n" * 9, "8 of 9 examples repeat"),
        ("text/sw.dev.txt", "Tatu nne.\n", "1 of 1 examples also stand in train"),
        ("text/sw.dev.txt", "a\ufffdb\x00\n", r"U+0000 (no name) (1 times), U+FFFD"),
        ("text/sw.dev.txt", "Привет\n", "error: text swa-Latn dev: 100% of the letters"),
        ("text/sw.dev.txt", "", "error: text swa-Latn dev: Expected at least one line"),
        ("text/sw.dev.txt", b"\xff", "error: text swa-Latn dev: Expected UTF-8"),
        ("text/te.train.txt", "తెలుగు\n", "text tel-Telu: has train but no dev split"),
        ("text/notes.md", "x", "its name does not follow the layout"),
        ("ner/sw.test.txt", "a PER\n", "error: ner swa-Latn test: Expected entity tags"),
        ("ner/sw.test.txt", "a I-PER\n", "warning: ner swa-Latn test: "),
        ("pos/sw.test.txt", "a NN\n", "labels outside UPOS: NN"),
        ("nli/sw.test.tsv", "a\tb\tnan\n", "error: nli swa-Latn test: Expected a gold label"),
        ("qa/sw.test.json", "{", "error: qa swa-Latn test: Expected JSON"),
        ("parallel/en-te.test.tsv", "one\tone\n", "100% of the letters are not of the script of"),
    ],
)
def test_what_is_wrong_is_found(
    tmp_path: Path, name: str, content: str | bytes, expected: str
) -> None:
    result = check(tmp_path, {**GOOD, name: content})
    assert expected in findings(result)
    assert result.usable is ("error:" not in findings(result))
    assert set(result.frame()["status"]) <= {"read", "broken"}


def test_labels_that_differ_between_splits_and_languages(tmp_path: Path) -> None:
    files = {
        "topic/sw.train.tsv": "a\tsports\nb\tpolitics\n",
        "topic/sw.test.tsv": "c\tsport\n",
        "topic/en.train.tsv": "a\tsports\nb\tpolitics\nc\thealth\n",
    }
    found = findings(check(tmp_path, files))
    assert "topic swa-Latn test: labels that train does not have: sport" in found
    assert "topic swa-Latn: labels that no other language has: sport" in found
    assert "topic swa-Latn: lacks labels of others: health" in found


def test_errors_come_first(tmp_path: Path) -> None:
    result = check(tmp_path, {**GOOD, "text/sw.train.txt": "a\n\n", "text/sw.dev.txt": ""})
    assert [finding.severity for finding in result.findings] == ["error", "warning"]


def test_memory_does_not_follow_the_size_of_the_text(tmp_path: Path) -> None:
    line = "neno " * 1000
    (tmp_path / "sw.train.txt").write_text(
        "".join(f"{number} {line}\n" for number in range(200)), encoding="utf-8"
    )
    tracemalloc.start()
    check_data(open_source(tmp_path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (tmp_path / "sw.train.txt").stat().st_size / 2
