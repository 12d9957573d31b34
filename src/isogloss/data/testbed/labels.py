"""Labels that follow from the meaning, so they are right by construction, in every language."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.testbed.grammar import NAME_POSITION, SLOT_CATEGORY
from isogloss.data.testbed.lexicon import ENTITY_TYPES, TOPICS
from isogloss.data.testbed.meanings import ABSENT, Meanings
from isogloss.data.testbed.relations import SyntheticLanguage

TOPIC_HEADER: Final = "index_id\tcategory\ttext"


def pos_file(language: SyntheticLanguage, meanings: Meanings) -> str:
    """Token TAB universal part of speech, a blank line after each sentence."""
    tags = np.array(SLOT_CATEGORY, dtype=np.object_)[language.grammar.order]
    return _tagged(language, meanings, np.broadcast_to(tags, meanings.lexemes.shape))


def ner_file(language: SyntheticLanguage, meanings: Meanings) -> str:
    """Token TAB IOB2 tag of PER, LOC or ORG, a blank line after each sentence.

    A name begins at its first token and stays together in every language, so B and I follow from
    the slot.
    """
    entities = meanings.entities[:, language.grammar.order]
    first = np.array(NAME_POSITION)[language.grammar.order] == 0
    kinds = np.array([*ENTITY_TYPES, ""], dtype=np.object_)[entities]  # ABSENT = -1 = the last
    prefix = np.where(first, "B-", "I-").astype(np.object_)
    return _tagged(language, meanings, np.where(entities == ABSENT, "O", prefix + kinds))


def topic_file(language: SyntheticLanguage, meanings: Meanings, first_index: int) -> str:
    """Header and one row per sentence; equal `index_id` = equal meaning in all languages."""
    lines = language.lines(meanings)
    rows = (
        f"{index}\t{TOPICS[topic]}\t{line}"
        for index, (topic, line) in enumerate(
            zip(meanings.topics.tolist(), lines, strict=True), start=first_index
        )
    )
    return "\n".join([TOPIC_HEADER, *rows]) + "\n"


def _tagged(language: SyntheticLanguage, meanings: Meanings, tags: NDArray[np.object_]) -> str:
    """Two columns; tags of shape [n, slots] in the order of utterance."""
    words, said = language.utter(meanings)
    pairs = zip(language.forms[words[said]].tolist(), tags[said].tolist(), strict=True)
    sentences = (
        "".join(f"{token}\t{tag}\n" for token, tag in (next(pairs) for _ in range(n)))
        for n in said.sum(axis=1).tolist()
    )
    return "\n".join(sentences) + "\n"
