import numpy as np
import pytest

from isogloss.data.testbed.choices import (
    IN_TOPIC,
    Choice,
    by_entity_type,
    by_topic,
    by_topic_and_kind,
    zipf,
)
from isogloss.data.testbed.lexicon import LexiconSize, make_lexicon

LEXICON = make_lexicon(LexiconSize())
TOPICS = np.arange(LEXICON.n_topics)


def _probabilities(choice: Choice) -> np.ndarray:
    return np.diff(choice.cumulative, axis=1, prepend=0.0)


@pytest.mark.parametrize("category", ["NOUN", "VERB", "ADJ"])
def test_a_topic_keeps_to_its_own_words(category: str) -> None:
    choice = by_topic(LEXICON, category, TOPICS)
    own = LEXICON.topic[choice.lexemes][None, :] == TOPICS[:, None]
    np.testing.assert_allclose((_probabilities(choice) * own).sum(axis=1), IN_TOPIC)


def test_a_kind_is_never_left_by_its_table() -> None:
    nouns = by_topic(LEXICON, "NOUN", TOPICS)
    choice = by_topic_and_kind(LEXICON, nouns)
    assert choice.cumulative.shape == (2 * LEXICON.n_topics, len(nouns.lexemes))
    for context, row in enumerate(_probabilities(choice)):
        assert set(LEXICON.kind[choice.lexemes[row > 0]].tolist()) == {context % 2}


def test_a_quarter_of_the_names_belongs_to_all_entity_types() -> None:
    possible = _probabilities(by_entity_type(LEXICON)) > 0
    per_name = possible.sum(axis=0)
    assert set(per_name.tolist()) == {1, 3}
    assert (per_name == 3).mean() == 0.25


def test_draws_follow_the_table() -> None:
    choice = Choice(np.array([10, 20, 30]), np.array([[0.2, 0.7, 1.0], [0.0, 0.0, 1.0]]))
    contexts = np.repeat([0, 1], 20_000)
    drawn = choice.draw(contexts, np.random.default_rng(0))
    shares = [(drawn[:20_000] == lexeme).mean() for lexeme in (10, 20, 30)]
    np.testing.assert_allclose(shares, [0.2, 0.5, 0.3], atol=0.02)
    assert (drawn[20_000:] == 30).all()


def test_zipf_halves_from_the_first_to_the_second() -> None:
    counts = np.bincount(zipf(3, 30_000, np.random.default_rng(0)))
    np.testing.assert_allclose(counts / counts[0], [1, 1 / 2, 1 / 3], atol=0.03)
