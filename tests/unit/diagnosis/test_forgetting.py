import copy

import pytest
import torch
from torch.nn.functional import cross_entropy, linear

from isogloss.core import InputError, Language
from isogloss.diagnosis import Forgetting, measure_forgetting
from isogloss.evaluation import Cell, MaskedText, evaluate_masked_lm
from isogloss.models import MultilingualModel
from unit.evaluation.toys import LetterTokenizer, letter_corpus
from unit.models.toys import LANGUAGES, adapters, toy_model

EN, TE, AR = LANGUAGES
SWAHILI = Language.parse("sw")


def text() -> MaskedText:
    return MaskedText(letter_corpus(200), LetterTokenizer(), length=20, rate=0.15)


def learned(model_type: str = "modernbert", steps: int = 40) -> MultilingualModel:
    """A model that has memorised the text: something to forget."""
    model, masked = toy_model(model_type=model_type), text()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    drawn = masked.corpus.rows(masked.windows(), 20)
    places = torch.from_numpy(masked.masks(masked.windows(), drawn)).flatten().nonzero()[:, 0]
    rows = torch.from_numpy(drawn)
    labels = rows.flatten()[places]
    corrupted = rows.flatten().index_fill(0, places, LetterTokenizer.mask_id).view_as(rows)
    for _ in range(steps):
        cross_entropy(model(corrupted, None, None, places), labels).backward()
        optimizer.step()
        optimizer.zero_grad()
    return model


def shaken(model: MultilingualModel, size: float = 0.3) -> MultilingualModel:
    """A fine-tuned copy: the encoder went at random, the masked-LM head stayed as it was."""
    other = copy.deepcopy(model)
    body = other.backbone.get_submodule(other.attachment.body)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in body.parameters():
            parameter.add_(size * torch.randn(parameter.shape, generator=generator))
    return other


def nats(model: MultilingualModel, index: int = 0) -> float:
    cell = Cell.of("masked_lm", "bits_per_byte", EN, EN)
    return evaluate_masked_lm(model, text(), index, cell=cell).nats


def measured(first: MultilingualModel, second: MultilingualModel, *languages) -> Forgetting:
    texts = {language: text() for language in languages or (EN, AR)}
    return measure_forgetting(first, second, texts, seen=[EN])


@pytest.mark.parametrize("model_type", ["modernbert", "bert", "xlm-roberta"])
def test_it_fires_where_the_encoder_went_astray(model_type: str) -> None:
    first = learned(model_type)
    found = measured(first, shaken(first))
    assert [one.language for one in found.languages] == [EN, AR]
    assert [one.seen for one in found.languages] == [True, False]
    for one in found.languages:
        assert one.pretrained_nats == pytest.approx(nats(first), rel=1e-6)
        assert one.pretrained_nats < 2.6, "of 3.3 for letters drawn by lot"
        assert one.forgotten_nats > 1
        assert one.tied_decoder_nats != one.original_decoder_nats
    assert found.distance.encoder > 1


def test_it_stays_quiet_where_nothing_was_forgotten() -> None:
    first = learned(steps=3)
    found = measured(first, copy.deepcopy(first))
    for one in found.languages:
        assert one.forgotten_nats == 0
        assert one.forgotten_nats_tied == 0
        assert one.n_masked > 10
    assert found.distance.encoder == 0


def test_a_language_without_module_is_not_applicable_and_the_reason_is_said() -> None:
    first = toy_model(adapters())
    with pytest.raises(InputError, match="has none for it") as refused:
        measured(first, copy.deepcopy(first), EN, SWAHILI)
    assert "swa-Latn" in refused.value.found


def test_without_language_specific_modules_any_language_is_read() -> None:
    first = toy_model()
    assert len(measured(first, copy.deepcopy(first), SWAHILI).languages) == 1


def test_each_language_runs_through_its_own_modules() -> None:
    first = toy_model(adapters())
    second = copy.deepcopy(first)
    with torch.no_grad():
        for slab in second.language_specific_parameters().values():
            slab[1] += 1
    found = measured(first, second, EN, TE, AR)
    assert [one.forgotten_nats != 0 for one in found.languages] == [False, True, False]


def test_the_tied_decoder_is_the_fine_tuned_models_own_head() -> None:
    """Fine-tuning leaves the rest of the head alone, so its own logits are those."""
    first = learned(steps=3)
    second = shaken(first)
    [one] = measured(first, second, EN).languages
    assert one.tied_decoder_nats == pytest.approx(nats(second), rel=1e-6)


def test_the_original_decoder_is_the_pretrained_head_whole() -> None:
    """Against the head written out: its layers, then the product with the first embeddings."""
    first = learned(steps=3)
    second = shaken(first)
    rows = torch.from_numpy(text().corpus.rows(text().windows(), 20))
    hidden = second.encode(rows, None, None)
    decoder = first.backbone.decoder
    expected = linear(first.backbone.head(hidden), decoder.weight, decoder.bias)
    assert torch.allclose(first.masked_lm_logits(hidden), expected, atol=1e-6)
    [one] = measured(first, second, EN).languages
    by_hand = copy.deepcopy(second)
    by_hand.backbone.decoder.weight = torch.nn.Parameter(decoder.weight.detach().clone())
    by_hand.backbone.head.load_state_dict(first.backbone.head.state_dict())
    assert one.original_decoder_nats == pytest.approx(nats(by_hand), rel=1e-6)


def test_a_model_that_does_not_tie_them_has_one_decoder() -> None:
    first = toy_model()
    decoder = first.backbone.decoder
    decoder.weight = torch.nn.Parameter(decoder.weight.detach().clone())
    [one] = measured(first, shaken(first), EN).languages
    assert one.tied_decoder_nats is None
    assert one.forgotten_nats_tied is None


def test_both_models_are_left_as_they_were() -> None:
    first = toy_model().train()
    second = shaken(first).eval()
    before = [{k: v.clone() for k, v in one.state_dict().items()} for one in (first, second)]
    decoder = first.backbone.decoder.weight
    measured(first, second)
    for one, state in zip((first, second), before, strict=True):
        assert all(torch.equal(value, state[name]) for name, value in one.state_dict().items())
    assert first.training and not second.training
    assert first.backbone.decoder.weight is decoder
    assert decoder is first.backbone.get_input_embeddings().weight


def test_as_a_table() -> None:
    first = toy_model()
    rows = measured(first, shaken(first)).rows()
    assert [row["language"] for row in rows] == ["eng-Latn", "ara-Arab"]
    assert rows[0]["forgotten_nats"] == (
        rows[0]["original_decoder_nats"] - rows[0]["pretrained_nats"]
    )
