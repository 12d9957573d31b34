import pytest

from isogloss.evaluation.metrics import answer_counts, tag_counts


def test_words_of_a_sentence() -> None:
    assert tag_counts(["NOUN", "VERB", "NOUN"], ["NOUN", "NOUN", "NOUN"]) == [2.0, 3.0]
    assert tag_counts([], []) == [0.0, 0.0]


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="shorter"):
        tag_counts(["NOUN", "VERB"], ["NOUN"])


def test_one_answer() -> None:
    assert answer_counts("sport", "sport") == [1.0, 1.0]
    assert answer_counts("sport", "politics") == [0.0, 1.0]
