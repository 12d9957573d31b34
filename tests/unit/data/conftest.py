"""A small text in three scripts, what is made of it once for the room's tests, and examples."""

import random

import numpy as np
import pytest

from isogloss.core import Language
from isogloss.data.corpora import EncodedCorpus, encode_corpus
from isogloss.data.samplers.examples import EncodedExample
from isogloss.data.tokenizers import Tokenizer, train_tokenizer

WORDS = {
    "en": "the cat sat on a mat and dog ran home to end naïve café it's 12 (so) end.",
    "sw": "paka alikaa kwenye mkeka na mbwa alikimbia nyumbani ng'ombe mwisho 7",
    "te": "పిల్లి చాప మీద కూర్చుంది మరియు కుక్క ఇంటికి పరుగెత్తింది ముగింపు",
}


@pytest.fixture(scope="session")
def toy_text() -> dict[Language, list[str]]:
    """Language -> 150 lines of 4 to 9 words."""
    draw = random.Random(5)
    return {
        Language.parse(code): [
            " ".join(draw.choices(words.split(), k=draw.randint(4, 9))) for _ in range(150)
        ]
        for code, words in WORDS.items()
    }


@pytest.fixture(scope="session")
def toy_tokenizer(
    toy_text: dict[Language, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Tokenizer:
    return train_tokenizer(toy_text, tmp_path_factory.mktemp("bpe"), vocabulary_size=420)


@pytest.fixture(scope="session")
def toy_unigram(
    toy_text: dict[Language, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Tokenizer:
    folder = tmp_path_factory.mktemp("unigram")
    return train_tokenizer(toy_text, folder, kind="unigram", vocabulary_size=400)


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
