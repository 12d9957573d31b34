import numpy as np
import pytest

from isogloss.data.testbed.labels import TOPIC_HEADER, ner_file, pos_file, topic_file
from isogloss.data.testbed.lexicon import (
    CATEGORIES,
    ENTITY_TYPES,
    TOPICS,
    LexiconSize,
    make_lexicon,
)
from isogloss.data.testbed.relations import RELATIONS, SyntheticLanguage, make_base
from isogloss.data.testbed.speaker import Speaker

LEXICON = make_lexicon(LexiconSize())
BASE = make_base(LEXICON, np.random.default_rng(0))
SAID = Speaker(LEXICON, BASE.habits).draw(300, np.random.default_rng(1))


@pytest.fixture(scope="module", params=["base", *RELATIONS])
def language(request: pytest.FixtureRequest) -> SyntheticLanguage:
    if request.param == "base":
        return BASE
    return RELATIONS[request.param](BASE, LEXICON, np.random.default_rng(2), 0.5)


def _sentences(text: str) -> list[list[list[str]]]:
    assert text.endswith("\n")
    blocks = text.rstrip("\n").split("\n\n")
    return [[row.split("\t") for row in block.split("\n")] for block in blocks]


def test_tokens_are_those_of_the_text(language: SyntheticLanguage) -> None:
    for text in (pos_file(language, SAID), ner_file(language, SAID)):
        lines = [" ".join(token for token, _ in sentence) for sentence in _sentences(text)]
        assert lines == language.lines(SAID)


def test_parts_of_speech_are_universal(language: SyntheticLanguage) -> None:
    tags = {tag for sentence in _sentences(pos_file(language, SAID)) for _, tag in sentence}
    silent = {"DET"} if language.grammar.dropped.any() else set()
    assert tags == set(CATEGORIES) - silent


def test_entities_are_valid_iob2_of_one_to_three_tokens(language: SyntheticLanguage) -> None:
    lengths = set()
    for sentence in _sentences(ner_file(language, SAID)):
        before, length = "O", 0
        for tag in [tag for _, tag in sentence] + ["O"]:
            if tag.startswith("I-"):
                assert before[2:] == tag[2:]
                length += 1
            else:
                lengths.add(length)
                length = int(tag.startswith("B-"))
            before = tag
    assert lengths == {0, 1, 2, 3}


def test_every_language_has_every_entity_type(language: SyntheticLanguage) -> None:
    tags = {tag for sentence in _sentences(ner_file(language, SAID)) for _, tag in sentence}
    assert tags == {"O"} | {f"{prefix}-{kind}" for prefix in "BI" for kind in ENTITY_TYPES}


def test_entities_are_proper_names_in_both_files(language: SyntheticLanguage) -> None:
    pos, ner = _sentences(pos_file(language, SAID)), _sentences(ner_file(language, SAID))
    for tagged, named in zip(pos, ner, strict=True):
        assert [tag == "PROPN" for _, tag in tagged] == [tag != "O" for _, tag in named]


def test_topics_have_a_header_and_running_indices(language: SyntheticLanguage) -> None:
    header, *rows = topic_file(language, SAID, 40).splitlines()
    assert header == TOPIC_HEADER
    columns = [row.split("\t") for row in rows]
    assert [int(index) for index, _, _ in columns] == list(range(40, 40 + len(SAID)))
    assert {topic for _, topic, _ in columns} == set(TOPICS[: LEXICON.n_topics])
    assert [text for _, _, text in columns] == language.lines(SAID)
