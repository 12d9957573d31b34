"""Corpora and labelled examples for the samplers."""

import numpy as np
import pytest

from isogloss.core import Language
from isogloss.data.corpora import EncodedCorpus, encode_corpus
from isogloss.data.samplers.examples import EncodedExample
from isogloss.data.tokenizers import Tokenizer


@pytest.fixture(scope="session")
def toy_corpora(
    toy_text: dict[Language, list[str]],
    toy_tokenizer: Tokenizer,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[Language, EncodedCorpus]:
    """Encoded text of three languages, the second a tenth of the others."""
    folder = tmp_path_factory.mktemp("corpora")
    lines = dict(toy_text)
    second = list(lines)[1]
    lines[second] = lines[second][:15]
    return {
        language: encode_corpus(text, toy_tokenizer, folder / f"{language}.tokens")
        for language, text in lines.items()
    }


@pytest.fixture
def toy_examples(rng: np.random.Generator) -> dict[Language, list[EncodedExample]]:
    """70 English and 33 Swahili examples of 3 to 20 ids; an example's first id is its own."""
    first_id = iter(range(1000, 2000))

    def example() -> EncodedExample:
        length = int(rng.integers(3, 21))
        ids = (next(first_id), *range(2, length + 1))
        return EncodedExample(ids, tuple(token % 5 for token in ids), tuple(range(length)))

    return {
        Language.parse("en"): [example() for _ in range(70)],
        Language.parse("sw"): [example() for _ in range(33)],
    }
