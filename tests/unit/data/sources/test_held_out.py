"""Dev data that are not there are held out from training data: the same ones, and never twice."""

from pathlib import Path

import pytest

from isogloss.core import Language
from isogloss.data import SampledSource, open_source
from isogloss.data.characters import normal_form
from isogloss.data.check import check_data
from isogloss.data.sources.held_out import SHARE
from isogloss.data.sources.protocol import DataSource, Unit

SWAHILI = Language.parse("sw")


def source(folder: Path, **files: str) -> DataSource:
    for name, content in files.items():
        kind, language, split = name.split("_")
        path = folder / kind / f"{language}.{split}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return open_source(folder)


LINES = "".join(f"mstari wa {number}\n" for number in range(2000))
TEST = "jaribio moja\njaribio mbili\n"


@pytest.fixture
def text(tmp_path: Path) -> DataSource:
    return source(tmp_path, text_sw_train=LINES, text_sw_test=TEST)


def test_text_is_divided_and_nothing_is_lost_or_twice(text: DataSource) -> None:
    train, dev = text.text(SWAHILI, "train"), text.text(SWAHILI, "dev")
    held_out = list(dev)
    assert list(dev) == held_out  # streams anew
    assert len(held_out) == pytest.approx(2000 * SHARE / 100, rel=0.3)
    assert sorted([*train, *held_out]) == sorted(LINES.splitlines())
    assert "".join(f"{line}\n" for line in text.text(SWAHILI, "test")) == TEST


@pytest.mark.parametrize("n", [2, 3, 7, 20, 60])
def test_of_the_smallest_text_one_line_is_held_out(n: int, tmp_path: Path) -> None:
    lines = [f"mstari {number}" for number in range(n)]
    small = source(tmp_path, text_sw_train="\n".join(lines), text_sw_test=TEST)
    train, dev = (list(small.text(SWAHILI, split)) for split in ("train", "dev"))
    assert train and dev
    assert sorted([*train, *dev]) == sorted(lines)


def test_near_copies_stay_together(tmp_path: Path) -> None:
    copies = "".join(f"Café {n}\n café  {n} \nCAFE\u0301 {n}\n" for n in range(500))
    divided = source(tmp_path, text_sw_train=copies, text_sw_test=TEST)
    sides = [set(map(normal_form, divided.text(SWAHILI, split))) for split in ("train", "dev")]
    assert not sides[0] & sides[1] and all(sides)
    assert check_data(divided).usable


def test_what_lies_there_is_taken_as_it_is(tmp_path: Path) -> None:
    whole = source(tmp_path, text_sw_train=LINES, text_sw_test=TEST, text_sw_dev="dev\n")
    assert list(whole.text(SWAHILI, "dev")) == ["dev"]
    assert len(list(whole.text(SWAHILI, "train"))) == 2000
    assert whole.held_out() == ()


@pytest.mark.parametrize("there", [["train"], ["test"], ["train", "dev"], ["dev", "test"]])
def test_nothing_is_held_out_without_training_and_test_data(
    tmp_path: Path, there: list[str]
) -> None:
    files = dict.fromkeys((f"text_sw_{split}" for split in there), LINES)
    data = source(tmp_path, **files)
    assert data.has("text", SWAHILI, "dev") is ("dev" in there)
    assert data.held_out() == ()


def test_units_and_fingerprints_tell_of_it(text: DataSource, tmp_path: Path) -> None:
    dev = Unit("text", (SWAHILI,), "dev")
    assert text.held_out() == (dev,) and dev in text.units()
    assert text.has("text", SWAHILI, "dev")
    before = {split: text.fingerprint("text", SWAHILI, split) for split in ("train", "dev", "test")}
    assert len(set(before.values())) == 3
    with_dev = source(tmp_path, text_sw_dev="dev\n")
    assert with_dev.fingerprint("text", SWAHILI, "train") != before["train"]
    assert with_dev.fingerprint("text", SWAHILI, "test") == before["test"]


def test_the_check_counts_what_is_held_out(text: DataSource) -> None:
    [finding] = check_data(text).findings
    n_dev = len(list(text.text(SWAHILI, "dev")))
    assert f"no dev data: {n_dev} of the 2000 training examples are held out" in finding.text
    assert finding.severity == "warning" and finding.where == "text swa-Latn"


def test_blank_lines_count_once(tmp_path: Path) -> None:
    data = source(tmp_path, text_sw_train=f"\n{LINES}", text_sw_test=TEST)
    counts = {unit.split: data.n_blank_lines(unit) for unit in data.units()}
    assert counts == {"train": 1, "dev": 0, "test": 0}


def test_labelled_data_are_divided_too(tmp_path: Path) -> None:
    words = "".join(f"neno{n}\tNOUN\nni\tVERB\n\n" for n in range(400))
    topics = "".join(f"habari {n}\t{'ab'[n % 2]}\n" for n in range(400))
    data = source(
        tmp_path,
        pos_sw_train=words,
        pos_sw_test="moja\tNOUN\nni\tVERB\n",
        topic_sw_train=topics,
        topic_sw_test="x\ta\ny\tb\n",
    )
    for read, kind in ((data.tagged, "pos"), (data.classified, "topic")):
        train, dev = read(kind, SWAHILI, "train"), read(kind, SWAHILI, "dev")
        assert (len(train) + len(dev), len(set(train) | set(dev))) == (400, 400)
        assert 5 <= len(dev) <= 40


@pytest.mark.parametrize(("n", "held_out"), [(1, 0), (2, 1), (5, 1)])
def test_of_a_few_labelled_examples_one_is_held_out(tmp_path: Path, n: int, held_out: int) -> None:
    topics = "".join(f"{number}a\tb\n" for number in range(n))
    data = source(tmp_path, topic_sw_train=topics, topic_sw_test="x\tb\ny\tc\n")
    dev, train = (data.classified("topic", SWAHILI, split) for split in ("dev", "train"))
    assert len(dev) >= held_out and len(train) == n - len(dev) > 0


def test_a_sample_is_drawn_from_what_is_left(text: DataSource) -> None:
    low = Language.parse("sw-x-low")
    sampled = SampledSource(text, {low: 0.5})
    assert sampled.held_out() == text.held_out()
    assert not set(sampled.text(low, "train")) & set(sampled.text(low, "dev"))
