import math

import numpy as np
import pytest
import torch
from torch.nn.functional import log_softmax

from isogloss.evaluation import MaskedText, evaluate_masked_lm, unigram_nats
from unit.evaluation.toys import LetterTokenizer, ToyEncoder, cell, letter_corpus
from unit.models.toys import adapters, toy_model

BITS = cell("bits_per_byte")


def text(**changes: float) -> MaskedText:
    return MaskedText(letter_corpus(), LetterTokenizer(), **{"length": 20, **changes})


def test_agrees_with_a_plain_loop() -> None:
    model, masked = ToyEncoder().eval(), text()
    found = evaluate_masked_lm(model, masked, 1, cell=BITS)
    rows = masked.corpus.rows(masked.windows(), 20)
    masks = masked.masks(masked.windows(), rows)
    nats, n_bytes = 0.0, 0
    with torch.no_grad():
        for row, mask in zip(rows, masks, strict=True):
            hidden = model.encode(
                torch.from_numpy(np.where(mask, LetterTokenizer.mask_id, row))[None],
                None,
                torch.tensor([1]),
            )
            scores = log_softmax(model.masked_lm_logits(hidden[0]), dim=-1)
            for position in np.flatnonzero(mask):
                nats -= float(scores[position, row[position]])
                n_bytes += int(LetterTokenizer().bytes_per_id[row[position]])
    assert np.isclose(found.predictions.score(), nats / math.log(2) / n_bytes, rtol=1e-6)
    assert np.isclose(found.nats, nats / masks.sum(), rtol=1e-6)
    assert found.n_masked == masks.sum()


def test_does_not_depend_on_the_batch_size() -> None:
    tables = [
        evaluate_masked_lm(ToyEncoder(), text(), 0, cell=BITS, batch_size=size).predictions
        for size in (1, 3, 100)
    ]
    for table in tables[1:]:
        assert np.allclose(table.counts, tables[0].counts, rtol=1e-6, atol=0)
        assert table.predictions == tables[0].predictions


def test_uses_the_modules_of_the_language() -> None:
    model = ToyEncoder()
    first, second = (evaluate_masked_lm(model, text(), index, cell=BITS) for index in (0, 1))
    assert first.nats != second.nats


def test_leaves_the_model_and_the_random_state_alone() -> None:
    model = ToyEncoder().train()
    before = torch.get_rng_state()
    evaluate_masked_lm(model, text(), 0, cell=BITS)
    assert model.training
    assert model.dropout.training
    assert torch.equal(before, torch.get_rng_state())


def test_masks_are_of_the_row_and_of_nothing_else() -> None:
    masked = text()
    windows = masked.windows()
    rows = masked.corpus.rows(windows, 20)
    whole = masked.masks(windows, rows)
    assert np.array_equal(masked.masks(windows[5:7], rows[5:7]), whole[5:7])
    fewer = text(max_rows=4)
    chosen = fewer.windows()
    assert np.array_equal(fewer.masks(chosen, rows[chosen]), whole[chosen])
    assert not np.array_equal(text(seed=1).masks(windows, rows), whole)


def test_masks_pinned_so_that_old_studies_stay_comparable() -> None:
    masked = text(length=12)
    rows = np.full((1, 12), 7)
    assert np.flatnonzero(masked.masks(np.array([3]), rows)).tolist() == [4, 8, 9]


def test_special_pieces_are_never_masked_and_every_row_has_a_mask() -> None:
    masked = text(rate=1e-9)
    rows = masked.corpus.rows(masked.windows(), 20)
    masks = masked.masks(masked.windows(), rows)
    assert (masks.sum(axis=1) == 1).all()
    assert not np.isin(rows[masks], LetterTokenizer.special_ids).any()
    only_special = np.full((1, 20), LetterTokenizer.sep_id)
    assert not masked.masks(np.array([0]), only_special).any()


def test_rate_of_masks() -> None:
    masked = MaskedText(letter_corpus(20_000), LetterTokenizer(), length=100, rate=0.3)
    rows = masked.corpus.rows(masked.windows(), 100)
    share = masked.masks(masked.windows(), rows).sum() / (rows > 4).sum()
    assert np.isclose(share, 0.3, atol=0.01)


def test_rows_are_spread_over_the_text() -> None:
    assert text(max_rows=3).windows().tolist() == [0, 7, 14]
    assert len(text(max_rows=1_000).windows()) == 21


def test_predictions_are_the_guessed_ids() -> None:
    found = evaluate_masked_lm(ToyEncoder(), text(), 0, cell=BITS).predictions
    masked = text()
    masks = masked.masks(masked.windows(), masked.corpus.rows(masked.windows(), 20))
    assert [len(guess.split()) for guess in found.predictions] == masks.sum(axis=1).tolist()


def test_a_text_shorter_than_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match="fill a sequence of 20 positions"):
        evaluate_masked_lm(
            ToyEncoder(), MaskedText(letter_corpus(10), LetterTokenizer(), length=20), 0, cell=BITS
        )


def test_a_real_encoder_with_adapters_does_not_depend_on_the_batch_size() -> None:
    model = toy_model(adapters())
    first, second = (
        evaluate_masked_lm(model, text(), 1, cell=BITS, batch_size=size) for size in (1, 8)
    )
    assert np.allclose(first.predictions.counts, second.predictions.counts, rtol=1e-6, atol=0)
    assert np.isclose(first.nats, second.nats, rtol=1e-6)


def test_by_hand() -> None:
    # Train 0 twice, 1 once, plus one each: 3/6, 2/6, 1/6.
    expected = -(math.log(1 / 2) + math.log(1 / 3) + math.log(1 / 6)) / 3
    assert np.isclose(unigram_nats([0, 0, 1], [0, 1, 2], 3), expected, atol=1e-12)


def test_special_pieces_do_not_count() -> None:
    plain = unigram_nats([2, 2, 3], [2, 3], 4, ignore=[0, 1])
    with_special = unigram_nats([2, 0, 2, 0, 3, 1], [0, 2, 3, 1], 4, ignore=[0, 1])
    assert np.isclose(plain, with_special)


def test_near_the_entropy_on_much_text(rng: np.random.Generator) -> None:
    shares = np.array([0.5, 0.25, 0.125, 0.125])
    train, dev = (rng.choice(4, 100_000, p=shares).astype(np.uint16) for _ in range(2))
    assert np.isclose(unigram_nats(train, dev, 4), 1.75 * math.log(2), atol=0.01)


def test_chunks_do_not_matter(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    train, dev = rng.integers(0, 9, (2, 1_000))
    whole = unigram_nats(train, dev, 9)
    monkeypatch.setattr("isogloss.evaluation.masked_lm._CHUNK", 64)
    assert unigram_nats(train, dev, 9) == whole


def test_no_held_out_text() -> None:
    with pytest.raises(ValueError, match="Found none"):
        unigram_nats([1, 2], [0, 0], 3, ignore=[0])
