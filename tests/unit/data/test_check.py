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
        (
            "text/sw.dev.txt",
            "Tatu nne.\n",
            "error: text swa-Latn dev: 1 text also stands in text swa",
        ),
        ("text/sw.dev.txt", " TATU  nne. \n", "1 text also stands in text swa-Latn train"),
        ("text/sw.train.txt", "Sita.\nMoja mbili.\n", "also stands in text swa-Latn train, 100.0%"),
        ("text/sw.dev.txt", "Sita.\n", "what is chosen by dev data is then tested on them"),
        ("text/en.test.txt", "Tatu nne.\n", "also stands in text eng-Latn test, 100.0%"),
        ("text/sw.dev.txt", "1 2 3\n44\n", "0% of the characters are letters"),
        (
            "text/sw.dev.txt",
            "Tano.\nПривет\nna saba\n",
            "script: 1 in dev; the first is example 2",
        ),
        ("ner/sw.test.txt", "a O\nb O\n", "Expected entities"),
        ("pos/sw.test.txt", "a NOUN\n\nb NOUN\n", "one class only, NOUN"),
        ("parallel/en-sw.dev.tsv", "two\tmoja\n", "the side of swa-Latn: 1 text also stands"),
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
        "topic/sw.dev.tsv": "x\tsports\ny\tpolitics\n",
        "topic/sw.test.tsv": "d\tsports\ne\tsport\n",
        "topic/en.train.tsv": "f\tsports\ng\tpolitics\nh\thealth\n",
    }
    found = findings(check(tmp_path, files))
    assert "error: topic swa-Latn test: labels that train does not have: sport (50%" in found
    assert "train has politics, sports: map one set to the other" in found
    assert "topic swa-Latn: labels that no other language has: sport" in found
    assert "topic swa-Latn: lacks labels of others: health" in found


def test_a_renamed_label_is_missed_only_where_no_file_has_it(tmp_path: Path) -> None:
    """Of a kind: another split or another language may have it."""
    files = {
        "sw.train.tsv": "a one\tx\nb two\ty\n",
        "sw.test.tsv": "c three\ty\nd four\ty\n",
        "en.train.tsv": "e five\tz\nf six\ty\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    mapping = tmp_path / "mapping.yaml"
    for labels, said in (
        ("{x: p, y: q, z: r}", ""),
        ("{x: p, y: q, v: r}", "topic: `labels` maps `v`, which is no label in any file"),
    ):
        mapping.write_text(
            f"topic: {{files: '{{language}}.{{split}}.tsv', languages: [sw, en], labels: {labels}}}"
        )
        found = findings(check_data(open_source(mapping)))
        assert ("`labels` maps" in found) is bool(said)
        assert said in found


def test_a_rare_label_that_train_lacks_is_a_warning(tmp_path: Path) -> None:
    files = {
        "ner/sw.train.txt": "Juma B-PER\nKenya B-LOC\n",
        "ner/sw.dev.txt": "Rashid B-PER\n",
        "ner/sw.test.txt": "Ali B-PER\n\n" * 1
        + "".join(f"Asha{n} B-PER\n\n" for n in range(10))
        + "UN B-ORG\n",
    }
    found = findings(check(tmp_path, files))
    assert "warning: ner swa-Latn test: labels that train does not have: ORG (8% " in found


@pytest.mark.parametrize(("largest", "usable"), [(0.1, False), (0.4, False), (0.6, True)])
def test_how_much_may_overlap_can_be_set(tmp_path: Path, largest: float, usable: bool) -> None:
    files = {**GOOD, "text/sw.dev.txt": "Moja  mbili.\nTano.\n"}
    check(tmp_path, files)
    assert check_data(open_source(tmp_path), largest_overlap=largest).usable is usable


def test_what_a_study_does_not_use_is_not_looked_at(tmp_path: Path) -> None:
    check(tmp_path, {**GOOD, "text/en.train.txt": "Sita.\n"})
    source = open_source(tmp_path)
    used = [unit for unit in source.units() if "eng-Latn" not in map(str, unit.languages)]
    assert not check_data(source).usable
    assert check_data(source, used).usable


def test_two_sets_may_overlap_until_they_are_used_together(tmp_path: Path) -> None:
    tags = "Juma B-PER\nni O\n\nKenya B-LOC\n"
    check(tmp_path, {"ner/sw.train.txt": tags, "ner/sw.other.test.txt": tags})
    source = open_source(tmp_path)
    assert check_data(source).usable
    assert "also stand in ner swa-Latn train" in findings(check_data(source))
    assert not check_data(source, source.units()).usable


def test_languages_of_a_test_bed_share_text_on_purpose(tmp_path: Path) -> None:
    files = {"text/qaa.train.txt": "a b\n", "text/qab.train.txt": "a b\n", "truth.yaml": ""}
    assert check(tmp_path, files).usable
    (tmp_path / "truth.yaml").unlink()
    assert not check_data(open_source(tmp_path)).usable


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
