import math

import pytest
import torch
from torch.nn.functional import log_softmax

from isogloss.data import EncodedExample
from isogloss.evaluation import labelled_nats
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
