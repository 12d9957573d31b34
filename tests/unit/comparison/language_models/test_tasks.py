import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

from isogloss.comparison import Scored, compare_scores, score_tasks
from isogloss.core import InputError
from isogloss.models.finished import FinishedHead
from unit.comparison.language_models.heads import WORDS, write_head

TAGS = ("O", "B-PER", "I-PER", "B-LOC")


def _lines(seed: int, n: int = 12) -> list[list[tuple[str, str]]]:
    draw = np.random.default_rng(seed)
    return [
        [(str(draw.choice(WORDS)), str(draw.choice(["O", "B-PER", "B-LOC"]))) for _ in range(4)]
        for _ in range(n)
    ]


def write_tags(data: Path, code: str, seed: int, kind: str = "ner") -> None:
    (data / kind).mkdir(parents=True, exist_ok=True)
    text = "\n\n".join("\n".join(f"{w}\t{t}" for w, t in line) for line in _lines(seed))
    (data / kind / f"{code}.test.tsv").write_text(text + "\n")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for seed, code in enumerate(("en", "sw")):
        write_tags(tmp_path / "data", code, seed)
    return tmp_path / "data"


def _score(base: Path, new: Path, data: Path) -> tuple[Scored, Scored]:
    return score_tasks(base, new, data, base.parent / "out")


def test_entities_are_counted_as_hugging_face_tags_them(data: Path, tmp_path: Path) -> None:
    base = write_head(tmp_path / "base", "tokens", 0, labels=TAGS)
    new = write_head(tmp_path / "new", "tokens", 1, labels=TAGS, n_more=3)
    first, second = _score(base, new, data)
    model = AutoModelForTokenClassification.from_pretrained(base).eval()
    tokenizer = AutoTokenizer.from_pretrained(base)
    predicted = 0
    for line in _lines(1):
        ids = tokenizer([word for word, _ in line], is_split_into_words=True, return_tensors="pt")
        with torch.no_grad():
            classes = model(**ids).logits[0, 1:-1].argmax(-1).tolist()
        tags = [TAGS[one] for one in classes]
        inside = zip(["O", *tags], tags, strict=False)
        predicted += sum(b[0] == "B" or (b == "I-PER" and a[2:] != "PER") for a, b in inside)
    rows = first.frame[first.frame["language"] == "swa-Latn"]
    assert rows["count_1"].sum() == predicted > 0
    assert rows["count_2"].sum() == sum(tag != "O" for line in _lines(1) for _, tag in line)
    found = compare_scores(first, second)
    assert set(found.languages["metric"]) == {"entity_f1"}
    assert set(found.languages["language"]) == {"eng-Latn", "swa-Latn"}
    assert found.languages["n_examples"].tolist() == [12, 12]
    assert first.slices == ("length",)
    assert "Scored on the test data of" in first.notices[0]


def test_the_order_and_the_case_of_labels_do_not_matter(data: Path, tmp_path: Path) -> None:
    base = write_head(tmp_path / "base", "tokens", 0, labels=TAGS)
    other = write_head(tmp_path / "other", "tokens", 0, labels=TAGS)
    path = other / "config.json"
    config = json.loads(path.read_text())
    order = [2, 0, 3, 1]
    config["id2label"] = {str(at): TAGS[one].lower() for at, one in enumerate(order)}
    config["label2id"] = {TAGS[one].lower(): at for at, one in enumerate(order)}
    model = AutoModelForTokenClassification.from_pretrained(other)
    with torch.no_grad():
        model.classifier.weight.copy_(model.classifier.weight[order].clone())
        model.classifier.bias.copy_(model.classifier.bias[order].clone())
    model.save_pretrained(other)
    path.write_text(json.dumps(config))
    with pytest.raises(InputError, match="only BASE has B-LOC"):
        _score(base, other, data)
    both = tmp_path / "config.json"
    both.write_text(json.dumps(config).replace("b-", "B-").replace("i-per", "I-PER"))
    path.write_text(both.read_text().replace('"o"', '"O"').replace("B-per", "B-PER"))
    path.write_text(path.read_text().replace("B-loc", "B-LOC"))
    first, second = _score(base, other, data)
    np.testing.assert_array_equal(first.frame["count_1"], second.frame["count_1"])


def test_heads_of_two_tasks_are_refused(data: Path, tmp_path: Path) -> None:
    base = write_head(tmp_path / "base", "tokens", labels=TAGS)
    with pytest.raises(InputError, match="token classification in BASE, none of a task in NEW"):
        _score(base, write_head(tmp_path / "masked", "masked"), data)
    with pytest.raises(InputError, match="sequence classification in NEW"):
        _score(base, write_head(tmp_path / "texts", "texts", labels=("a", "b")), data)


def test_no_data_of_the_form_is_refused(data: Path, tmp_path: Path) -> None:
    sides = [write_head(tmp_path / f"m{i}", "texts", i, labels=("a", "b")) for i in (0, 1)]
    with pytest.raises(InputError, match="sequence classification with labels of the heads"):
        _score(*sides, data)
    plain = [write_head(tmp_path / f"e{i}", "masked", i) for i in (0, 1)]
    with pytest.raises(InputError, match="or parallel text for encoders without one"):
        _score(*plain, data)


def test_pairs_of_texts_are_classified(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "nli"
    folder.mkdir(parents=True)
    rows = [f"ab cd\t{word} gh\t{label}" for word in WORDS for label in ("yes", "no")]
    (folder / "sw.test.tsv").write_text("\n".join(rows) + "\n")
    sides = [write_head(tmp_path / f"m{i}", "texts", i, labels=("no", "yes")) for i in (0, 1)]
    first, _ = _score(*sides, tmp_path / "data")
    assert set(first.frame["metric"]) == {"accuracy"}
    # Each pair stands there with both labels, and one of them is right.
    assert first.frame["count_0"].sum() == len(rows) / 2


def test_questions_are_answered_and_share_their_passage(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "qa"
    folder.mkdir(parents=True)
    questions = [
        {"id": str(at), "question": f"{word} ?", "answers": [{"text": "cd", "answer_start": 3}]}
        for at, word in enumerate(WORDS)
    ]
    passage = {"context": "ab cd ef gh", "qas": questions}
    squad = {"version": "1", "data": [{"title": "t", "paragraphs": [passage]}]}
    (folder / "en.test.json").write_text(json.dumps(squad))
    sides = [write_head(tmp_path / f"m{i}", "answers", i) for i in (0, 1)]
    first, _ = _score(*sides, tmp_path / "data")
    assert set(first.frame["metric"]) == {"qa_f1"}
    assert first.frame["cluster"].nunique() == 1


def test_encoders_without_a_head_are_asked_for_translations(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "parallel"
    folder.mkdir(parents=True)
    pairs = [f"{first} {second}" for first in WORDS for second in WORDS]
    for code in ("sw", "fr"):
        text = "\n".join(f"{one}\t{one}" for one in pairs)
        (folder / f"en-{code}.test.tsv").write_text(text + "\n")
    sides = [write_head(tmp_path / f"m{i}", "masked", i) for i in (0, 1)]
    first, second = _score(*sides, tmp_path / "data")
    assert set(first.frame["language"]) == {"fra-Latn", "swa-Latn"}
    assert first.tasks == ("parallel eng-Latn",)
    assert set(first.frame["metric"]) == {"retrieval_accuracy"}
    assert (first.frame["count_0"] == 2).all() and (second.frame["count_1"] == 2).all()


def test_finished_parts_are_not_scored_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = [write_head(tmp_path / f"m{i}", "tokens", i, labels=TAGS) for i in (0, 1)]
    before = _score(*sides, data)

    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(FinishedHead, "read", read)
    again = _score(*sides, data)
    assert again[0].frame.equals(before[0].frame)
    write_tags(data, "sw", 5)
    with pytest.raises(InputError, match="others: data differ"):
        _score(*sides, data)
