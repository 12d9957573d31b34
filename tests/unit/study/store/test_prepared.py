import pytest

from isogloss.study import Prepared
from isogloss.study.store.prepared import CountedText


def test_counted_text_has_rows_to_count_and_none_to_draw() -> None:
    text = CountedText(100)
    assert (text.n_tokens, text.windows(11)) == (100, 10)
    with pytest.raises(TypeError, match="no rows"):
        text.rows([0], 11)


def test_the_length_of_text_needs_no_tokenizer(prepared: Prepared) -> None:
    language = next(iter(prepared.source.units())).languages[0]
    assert prepared.n_tokens(language) == prepared.corpus(language, "train").n_tokens
    assert prepared.vocabulary_size >= prepared.tokenizer.vocabulary_size
