import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, PreTrainedModel

from isogloss.evaluation import Windows, causal_bits
from isogloss.evaluation.causal_lm import _batches

N_IDS, START = 40, 0
TEXTS = [
    np.random.default_rng(seed).integers(1, N_IDS, n).tolist()
    for seed, n in enumerate((3, 15, 1, 30, 7, 16, 0, 31))
]


def _model(kind: str) -> PreTrainedModel:
    torch.manual_seed(0)
    if kind == "llama":
        sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
        config = LlamaConfig(vocab_size=N_IDS, num_attention_heads=2, **sizes)
        model: PreTrainedModel = LlamaForCausalLM(config)
    else:
        model = GPT2LMHeadModel(
            GPT2Config(vocab_size=N_IDS, n_embd=16, n_layer=2, n_head=2, n_positions=64)
        )
    with torch.no_grad():
        for one in model.parameters():
            one.mul_(4)  # far from uniform, so that context matters
    return model.eval()


def _by_hand(model: PreTrainedModel, text: list[int], length: int, stride: int) -> float:
    """Return the bits of a text, a token at a time, each with the context of its window."""
    ids = [START, *text]
    bits, end, begin = 0.0, min(length, len(ids)), 0
    for place in range(1, len(ids)):
        if place >= end:
            begin, end = end - (length - stride), min(end + stride, len(ids))
        with torch.no_grad():
            logits = model(torch.tensor([ids[begin:place]])).logits[0, -1].double()
        bits -= float(logits.log_softmax(0)[ids[place]]) / math.log(2)
    return bits


@pytest.mark.parametrize("kind", ["llama", "gpt2"])
def test_bits_are_those_of_the_full_context(kind: str) -> None:
    """Exact where a text fits one window; the empty text costs nothing."""
    model = _model(kind)
    found = causal_bits(model, TEXTS, START, Windows(32, 16))
    expected = [_by_hand(model, text, 1000, 1) for text in TEXTS]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found[6] == 0.0


@pytest.mark.parametrize(("length", "stride"), [(8, 4), (8, 7), (5, 1), (2, 1)])
def test_windows_with_stride_are_those_by_hand(length: int, stride: int) -> None:
    model = _model("llama")
    found = causal_bits(model, TEXTS, START, Windows(length, stride))
    expected = [_by_hand(model, text, length, stride) for text in TEXTS]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    whole = causal_bits(model, TEXTS, START, Windows(32, 16))
    fits = [len(text) < length for text in TEXTS]
    np.testing.assert_allclose(found[fits], whole[fits], rtol=1e-5)
    assert not np.allclose(found[3], whole[3], rtol=1e-3)


def test_the_batch_does_not_matter() -> None:
    model = _model("gpt2")
    one, many = (causal_bits(model, TEXTS, START, Windows(16, 8, n)) for n in (1, 10_000))
    np.testing.assert_allclose(one, many, rtol=1e-5)


def test_probabilities_of_all_texts_of_a_length_sum_to_one() -> None:
    model = _model("llama")
    texts = [[a, b] for a in range(N_IDS) for b in range(N_IDS)]
    bits = causal_bits(model, texts, START, Windows(8, 4))
    assert np.exp2(-bits).sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("n", [2, 3, 9, 50, 101])
@pytest.mark.parametrize(("length", "stride"), [(2, 1), (8, 3), (50, 49), (200, 100)])
def test_each_token_is_scored_once_with_context(n: int, length: int, stride: int) -> None:
    found = list(Windows(length, stride).of(n))
    assert found[0][2] == 1
    assert found[-1][1] == n
    assert all(first[1] == second[2] for first, second in pairwise(found))
    assert all(begin < scored < end <= begin + length for begin, end, scored in found)


@pytest.mark.parametrize(("length", "stride"), [(1, 1), (8, 8), (8, 0)])
def test_windows_without_context_are_refused(length: int, stride: int) -> None:
    with pytest.raises(ValueError, match="stride should be"):
        Windows(length, stride)


def test_short_windows_are_not_padded_into_a_batch_of_long_ones() -> None:
    lengths = np.sort(np.random.default_rng(0).lognormal(3.6, 0.6, 400).astype(int) + 4)[::-1]
    parts = [(0, 0, int(one), 1) for one in lengths]
    batches = list(_batches(parts, 4096))
    assert [one for batch in batches for one in batch] == parts
    positions = sum(batch[0][2] * len(batch) for batch in batches)
    assert positions < 1.12 * lengths.sum()
    assert all(batch[0][2] * len(batch) <= 4096 for batch in batches)
    assert all(batch[0][2] * len(batch) >= 512 for batch in batches[:-1])
