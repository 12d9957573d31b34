import dataclasses

import numpy as np
import pytest
import torch

from isogloss.data.samplers import IGNORED, EncodedExample
from isogloss.data.samplers.labelled_rows import choose_rows, labelled_batch, refuse_mixed_labels

WORDS = [EncodedExample((1, 5, 2), (IGNORED, 0, IGNORED)), EncodedExample((1, 2), (IGNORED,) * 2)]
WORDLESS = EncodedExample((1, 2), 3)
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


def test_other_versions_of_an_example_stand_beside_it() -> None:
    source = EncodedExample((1, 7, 8, 2), 3, language=0)
    rows = [dataclasses.replace(one, beside={"source": source, "copy": WORDLESS}) for one in TEXTS]
    batch = labelled_batch(rows, np.array([1, 1]), pad_id=9)
    assert batch.beside["source"].input_ids.tolist() == [[1, 7, 8, 2]] * 2
    assert batch.beside["source"].language.tolist() == [0, 0]
    assert batch.beside["copy"].language.tolist() == [1, 1], "that of the example it is of"


def test_one_version_of_each_row_is_chosen() -> None:
    short = labelled_batch(TEXTS, np.array([0, 1]), pad_id=9)
    longer = labelled_batch(
        [EncodedExample((1, 5, 6, 7, 2), 0), EncodedExample((1, 2), 1)], np.array([1, 1]), pad_id=9
    )
    first = choose_rows([short, longer], torch.tensor([1, 0]))
    assert first.input_ids[0].tolist() == [1, 5, 6, 7, 2]
    assert first.attention_mask is not None
    assert first.attention_mask.tolist() == [[1] * 5, [1, 1, 1, 0, 0]]
    assert first.labels is not None
    assert first.labels.tolist() == [0, 4]
    assert first.language.tolist() == [1, 1]
    assert choose_rows([short, longer], torch.tensor([0, 0])).labels.tolist() == [3, 4]  # type: ignore[union-attr]


def test_labels_of_words_are_widened_with_them() -> None:
    narrow = labelled_batch([WORDS[1]], np.array([0]), pad_id=9)
    wide = labelled_batch([WORDS[0]], np.array([0]), pad_id=9)
    found = choose_rows([narrow, wide], torch.tensor([0]))
    assert found.labels is not None
    assert found.labels.tolist() == [[IGNORED] * 3]
