import numpy as np
import pytest

from isogloss.data.samplers import IGNORED, EncodedExample
from isogloss.data.samplers.labelled_rows import labelled_batch, refuse_mixed_labels

WORDS = [EncodedExample((1, 5, 2), (IGNORED, 0, IGNORED)), EncodedExample((1, 2), (IGNORED,) * 2)]
TEXTS = [EncodedExample((1, 5, 2), 3), EncodedExample((1, 6, 2), 4)]


def test_rows_are_padded_to_the_longest() -> None:
    batch = labelled_batch(WORDS, np.array([0, 1]), pad_id=9)
    assert batch.input_ids.tolist() == [[1, 5, 2], [1, 2, 9]]
    assert batch.attention_mask is not None
    assert batch.attention_mask.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batch.labels is not None
    assert batch.labels.tolist() == [[IGNORED, 0, IGNORED], [IGNORED] * 3]
    assert batch.language.tolist() == [0, 1]


def test_rows_of_one_length_need_no_mask_and_texts_have_one_label() -> None:
    batch = labelled_batch(TEXTS, np.array([0, 0]), pad_id=9)
    assert batch.attention_mask is None
    assert batch.labels is not None
    assert batch.labels.tolist() == [3, 4]


def test_both_kinds_at_once_are_refused() -> None:
    refuse_mixed_labels(WORDS)
    with pytest.raises(ValueError, match="one label a word, or one label a text"):
        refuse_mixed_labels([*WORDS, *TEXTS])
