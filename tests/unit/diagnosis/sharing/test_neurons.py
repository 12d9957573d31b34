import math
from typing import Any

import numpy as np
import pytest
import torch

import toys
from isogloss.diagnosis.sharing.neurons import (
    NeuronSettings,
    activation_entropy,
    language_neurons,
    measure_neurons,
)
from isogloss.models import ATTACHMENTS, MultilingualModel
from unit.evaluation.toys import LetterCorpus, LetterTokenizer
from unit.models.toys import toy_config, toy_model

EN, SW = toys.PAIR
TOKENIZER: Any = LetterTokenizer()
FIRST, LAST = range(5, 18), range(18, 31)
N_OWN = 3


def test_entropy_of_activation() -> None:
    p = np.array([[0.8, 0.2, 0.4, 0.0], [0.0, 0.2, 0.2, 0.0]])
    found = activation_entropy(p)
    third = -(2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3))
    assert found[:3] == pytest.approx([0, math.log(2), third])
    assert math.isnan(found[3])


def test_a_language_has_the_units_it_activates_often_and_alone() -> None:
    p = np.full((2, 100), 0.1)
    p[:, 50:60] = 0.5  # often, for both
    p[0, 3], p[1, 70], p[0, 80] = 0.9, 0.8, 0.05  # the last is rare, if nearly its own
    p[1, 3] = p[0, 70] = p[1, 80] = 0.0
    own, other = language_neurons(p, 0.02)
    assert own.tolist() == [3]
    assert other.tolist() == [70]
    assert [len(one) for one in language_neurons(np.zeros((2, 10)), 0.5)] == [0, 0]


def hand_made() -> MultilingualModel:
    """Three hidden units that only letters up to `m` activate, three for the others, the rest 0.

    Attention writes nothing; embeddings tell the two alphabets apart in one dimension.
    """
    config = toy_config("bert", vocab_size=31)
    config.hidden_act = "relu"
    model = toy_model(config=config, languages=toys.PAIR)
    sign = torch.zeros(31)
    sign[FIRST.start : FIRST.stop], sign[LAST.start : LAST.stop] = 1, -1
    with torch.no_grad():
        embeddings = model.backbone.bert.embeddings
        embeddings.word_embeddings.weight[:, 0] = 50 * sign
        embeddings.word_embeddings.weight[: FIRST.start] = 0  # no unit is active at special tokens
        for one in (embeddings.position_embeddings, embeddings.token_type_embeddings):
            one.weight.zero_()
        for layer in model.backbone.bert.encoder.layer:
            for one in (layer.attention.output.dense, layer.intermediate.dense, layer.output.dense):
                one.weight.zero_()
                one.bias.zero_()
        first = model.backbone.bert.encoder.layer[0]
        first.intermediate.dense.weight[:N_OWN, 0] = 1
        first.intermediate.dense.weight[N_OWN : 2 * N_OWN, 0] = -1
        first.output.dense.weight[1:, : 2 * N_OWN] = torch.randn((31, 2 * N_OWN)) * 0.1
    return model.eval()


def corpus(language: Any, _: str) -> Any:
    draw = np.random.default_rng(3)
    letters = FIRST if language == EN else LAST
    return LetterCorpus(draw.integers(letters.start, letters.stop, 400))


def test_a_hand_made_network() -> None:
    share = 2 * N_OWN / 96
    settings = NeuronSettings(share, batches=3, rows=3, length=12, criterion="representation")
    found = measure_neurons(hand_made(), TOKENIZER, corpus, toys.PAIR, settings)
    assert [one.tolist() for one in found.neurons] == [[0, 1, 2], [3, 4, 5]]
    text = 11 / 12  # all but the first token of a row, which is cls
    assert found.probabilities[0, :6] == pytest.approx([text] * 3 + [0] * 3)
    assert found.probabilities[1, :6] == pytest.approx([0] * 3 + [text] * 3)
    harm = {(row["language_off"], row["language"]): row for row in found.ablation}
    for off, language in ((EN, SW), (SW, EN)):
        assert harm[str(off), str(language)]["harm"] == 0, "units that it never activates"
        assert harm[str(off), str(off)]["harm"] > 1e-3
        assert harm[str(off), str(off)]["harm_random"] < harm[str(off), str(off)]["harm"]
        assert harm[str(off), str(off)]["n_neurons"] == N_OWN
    in_layer = {(row["language"], row["layer"]): row["n_neurons"] for row in found.rows()}
    assert in_layer == {(str(one), n): N_OWN * (n == 0) for one in toys.PAIR for n in (0, 1)}


@pytest.mark.parametrize("architecture", list(ATTACHMENTS))
def test_units_of_every_architecture(architecture: str) -> None:
    model = toy_model(model_type=architecture, languages=toys.PAIR)
    corpora = toys.corpora(toys.PAIR)
    settings = NeuronSettings(share=0.1, batches=2, rows=2, length=12, draws=1)
    found = measure_neurons(
        model, TOKENIZER, lambda language, _: corpora[language], toys.PAIR, settings
    )
    assert found.probabilities.shape == (2, 2 * 48)
    assert 0.2 < found.probabilities.mean() < 0.8, "weights are symmetric around 0"
    assert any(len(one) for one in found.neurons)
