from pathlib import Path

import pytest

from isogloss.core import Language
from isogloss.data import encode_corpus, forecast_bytes_per_token, train_tokenizer

ENGLISH, SWAHILI = Language.parse("en"), Language.parse("sw")


def test_the_forecast_is_near_what_the_tokenizer_does(tmp_path: Path) -> None:
    text = {
        ENGLISH: [f"the number {n} comes before the number {n + 1} again" for n in range(900)],
        SWAHILI: [f"namba {n} inakuja kabla ya namba {n + 1} tena" for n in range(900)],
    }
    tokenizer = train_tokenizer(text, tmp_path, vocabulary_size=340)
    forecast = forecast_bytes_per_token(
        {one: lines[:300] for one, lines in text.items()}, vocabulary_size=340
    )
    for language, lines in text.items():
        corpus = encode_corpus(lines, tokenizer, tmp_path / f"{language}.tokens")
        assert forecast[language] == pytest.approx(corpus.n_bytes / corpus.n_tokens, rel=0.15)


def test_a_single_line_is_enough() -> None:
    assert forecast_bytes_per_token({ENGLISH: ["a few words"]}, vocabulary_size=300)[ENGLISH] > 0
