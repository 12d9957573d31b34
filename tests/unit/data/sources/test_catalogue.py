"""A catalogue gives what it has and says what it has not."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from isogloss.core import InputError, Language
from isogloss.data.readers import ClassifiedText
from isogloss.data.sources import DataSource, Unit, open_source

SWAHILI, ENGLISH, TELUGU = (Language.parse(code) for code in ("sw", "en", "te"))


@pytest.fixture
def source(tmp_path: Path) -> DataSource:
    files = {
        "text/sw.train.txt": "moja\n\nmbili\n",
        "ner/sw.dev.txt": "Nairobi B-LOC\n",
        "nli/sw.test.tsv": "a\tb\tneutral\n",
        "parallel/en-sw.dev.tsv": "one\tmoja\n",
        "parallel/en-te.dev.tsv": "one\tఒకటి\n",
        "qa/sw.dev.json": '{"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "1", '
        '"question": "?", "answers": [{"text": "x", "answer_start": 0}]}]}]}]}',
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return open_source(tmp_path)


def test_text_can_be_iterated_again(source: DataSource) -> None:
    text = source.text(SWAHILI, "train")
    assert list(text) == list(text) == ["moja", "mbili"]
    assert source.n_blank_lines(Unit("text", (SWAHILI,), "train")) == 1


def test_pairs_come_in_the_order_asked_for(source: DataSource) -> None:
    assert source.pairs(ENGLISH, SWAHILI, "dev") == [("one", "moja")]
    assert source.pairs(SWAHILI, ENGLISH, "dev") == [("moja", "one")]
    with pytest.raises(InputError, match=r"swa-Latn\+tel-Telu"):
        source.pairs(SWAHILI, TELUGU, "dev")


def test_labelled_kinds(source: DataSource) -> None:
    assert source.classified("nli", SWAHILI, "test") == [ClassifiedText("a", "b", "neutral")]
    assert source.questions("qa", SWAHILI, "dev")[0].answers == ("x",)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda s: s.tagged("ner", TELUGU, "dev"), r"ner in swa-Latn \(dev\)"),
        (lambda s: s.tagged("nerr", SWAHILI, "dev"), "Did you mean `ner`"),
        (lambda s: s.text(SWAHILI, "validation"), "Use one of train, dev, test"),
        (lambda s: s.text(SWAHILI, "test"), r"text in swa-Latn \(train\)"),
        (lambda s: s.classified("topic", SWAHILI, "dev"), "Found the kinds text, ner"),
        (lambda s: s.fingerprint("pos", SWAHILI, "dev"), "pos data of swa-Latn"),
    ],
)
def test_what_is_absent_is_refused_with_what_is_there(
    source: DataSource, ask: Callable[[DataSource], object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        ask(source)


def test_a_missing_text_is_refused_when_asked_for_not_when_read(source: DataSource) -> None:
    with pytest.raises(InputError):
        source.text(TELUGU, "train")


def test_the_fingerprint_is_the_hash_of_the_file(source: DataSource, tmp_path: Path) -> None:
    content = (tmp_path / "ner/sw.dev.txt").read_bytes()
    assert source.fingerprint("ner", SWAHILI, "dev") == hashlib.sha256(content).hexdigest()


def test_the_fingerprint_of_parallel_text_covers_all_pairs(
    source: DataSource, tmp_path: Path
) -> None:
    before = source.fingerprint("parallel", ENGLISH, "dev")
    assert before != source.fingerprint("parallel", SWAHILI, "dev")
    (tmp_path / "parallel/en-te.dev.tsv").write_text("two\tరెండు\n", encoding="utf-8")
    assert source.fingerprint("parallel", ENGLISH, "dev") != before
