import math

import pytest
import torch
from torch.nn.functional import log_softmax

from isogloss.data import EncodedExample
from isogloss.evaluation import chance_nats, labelled_nats
from isogloss.models import SequenceClassifier, TokenClassifier
from unit.models.toys import toy_model

WORDS = [
    EncodedExample((1, 6, 7, 2), (-100, 0, 2, -100)),
    EncodedExample((1, 8, 2), (-100, 1, -100)),
    EncodedExample((1, 2), (-100, -100)),
]


def test_the_mean_over_labels_by_hand() -> None:
    classifier = TokenClassifier(toy_model(), 3, seed=1)
    losses = []
    for one in WORDS:
        logits = classifier(torch.tensor([one.ids]), None, torch.tensor([0]))[0]
        assert not isinstance(one.labels, int)
        losses += [
            -float(log_softmax(row, 0)[label].detach())
            for row, label in zip(logits, one.labels, strict=True)
            if label >= 0
        ]
    for batch_size in (1, 2, 64):
        found = labelled_nats(classifier, WORDS, 0, 0, batch_size=batch_size)
        assert found == pytest.approx(sum(losses) / 3, rel=1e-5)


def test_texts_have_one_label_and_chance_is_the_logarithm_of_the_classes() -> None:
    classifier = SequenceClassifier(toy_model(), 4)
    torch.nn.init.zeros_(classifier.head.weight)
    torch.nn.init.zeros_(classifier.head.bias)
    texts = [EncodedExample((1, 6, 2), 3), EncodedExample((1, 6, 7, 2), 0)]
    classifier.train()
    assert labelled_nats(classifier, texts, 0, 0) == pytest.approx(math.log(4), rel=1e-5)
    assert classifier.training, "left as it was"


def test_a_guess_by_frequencies() -> None:
    """Of four labels, two of class 0; each class is counted once more."""
    learned = [EncodedExample((1, 2), label) for label in (0, 0, 1, 2)]
    expected = -(math.log(3 / 7) + math.log(2 / 7)) / 2
    found = chance_nats(learned, [learned[0], learned[3]])
    assert math.isclose(found, expected)
    # A class that was never learned is not impossible.
    assert math.isclose(chance_nats(learned, [EncodedExample((1, 2), 5)]), math.log(8))


def test_words_that_are_left_out_are_not_guessed() -> None:
    counts = {0: 2, 1: 2, 2: 2}
    total = sum(counts.values())
    expected = sum(math.log(total / counts[label]) for label in (0, 2)) / 2
    assert math.isclose(chance_nats(WORDS, WORDS[:1]), expected)


def test_places_of_an_answer_are_all_as_likely() -> None:
    rows = [EncodedExample((1, 5, 6, 2), (1, 2)), EncodedExample((1, 5, 6, 7, 8, 9, 4, 2), (1, 1))]
    assert math.isclose(chance_nats(rows, rows), (math.log(4) + math.log(8)) / 2)
