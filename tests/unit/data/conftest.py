"""A small text in three scripts, and the tokenizers trained on it once for the room's tests."""

import random

import pytest

from isogloss.core import Language
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
