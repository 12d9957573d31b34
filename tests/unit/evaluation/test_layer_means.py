"""One vector per sentence and layer: special tokens and padding left out."""

import numpy as np
import pytest
import torch

import toys
from isogloss.evaluation import layer_means
from unit.evaluation.toys import LetterTokenizer

SENTENCES = ["abc", "a", "hello world", "zyx"]


def test_the_mean_is_over_the_tokens_of_a_sentence_alone() -> None:
    model = toys.model(toys.plan()).eval()
    tokenizer = LetterTokenizer()
    found = layer_means(model, SENTENCES, tokenizer, 0, batch_size=2)
    assert found.shape == (model.n_layers + 1, 4, model.hidden_size)
    for place, sentence in enumerate(SENTENCES):
        ids = torch.tensor([[tokenizer.cls_id, *tokenizer.encode([sentence])[0], tokenizer.sep_id]])
        with torch.no_grad():
            hidden = model.encode(ids, None, torch.tensor([0]))
        expected = hidden[0, 1:-1].double().mean(dim=0).numpy()
        assert found[-1, place] == pytest.approx(expected, abs=1e-5)


def test_neither_the_batch_nor_the_other_sentences_matter() -> None:
    model = toys.model(toys.plan())
    together = layer_means(model, SENTENCES, LetterTokenizer(), 1)
    alone = [layer_means(model, [one], LetterTokenizer(), 1) for one in SENTENCES]
    assert np.abs(together - np.concatenate(alone, axis=1)).max() < 1e-5


def test_long_sentences_are_cut_and_hooks_are_taken_off() -> None:
    model = toys.model(toys.plan())
    cut = layer_means(model, ["abcdefgh"], LetterTokenizer(), 0, max_length=5)
    assert cut == pytest.approx(layer_means(model, ["abc"], LetterTokenizer(), 0), abs=1e-6)
    assert not any(module._forward_pre_hooks for module in model.backbone.modules())
