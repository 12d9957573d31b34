"""How a language turns a meaning into words: order, agreement, omission.

A meaning (see `meanings`) fills named slots of one clause. A `Grammar` says in which order a
language utters the slots, which ending each word takes, and which categories it leaves out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.testbed.lexicon import N_NOUN_CLASSES

N_NAME_TOKENS: Final = 3
N_FEATURES: Final = 2 * N_NOUN_CLASSES  # feature = 2 * noun class + number (0 one, 1 many)
N_ENDINGS: Final = 7  # 0 = no ending; grammars use as many of 1..6 as they mark

# One line a language type. The first letter is the phrase: subject, its modifier, object, place.
HEAD_INITIAL: Final = (
    "s_det s_noun s_adj s_name m_adp m_det m_noun adverb verb "
    "o_det o_noun o_adj o_name p_adp p_det p_noun p_name stop"
)
HEAD_FINAL: Final = (
    "m_noun m_det m_adp s_adj s_noun s_det s_name "
    "p_noun p_det p_name p_adp o_adj o_noun o_det o_name adverb verb stop"
)
VERB_FIRST: Final = (
    "verb o_name o_adj o_noun o_det adverb s_name s_adj s_noun s_det m_noun m_det m_adp "
    "p_name p_noun p_det p_adp stop"
)


def _slots() -> tuple[str, ...]:
    slots: list[str] = []
    for name in HEAD_INITIAL.split():
        is_name = name.endswith("_name")
        slots += [f"{name}{i}" for i in range(N_NAME_TOKENS)] if is_name else [name]
    return tuple(slots)


SLOTS: Final = _slots()
SLOT: Final = {name: index for index, name in enumerate(SLOTS)}
_CATEGORY_OF: Final = {
    "det": "DET",
    "noun": "NOUN",
    "adj": "ADJ",
    "name": "PROPN",
    "adp": "ADP",
    "adverb": "ADV",
    "verb": "VERB",
    "stop": "PUNCT",
}
SLOT_CATEGORY: Final = tuple(_CATEGORY_OF[s.split("_")[-1].rstrip("012")] for s in SLOTS)


# Position of a token in its name, 0 outside names: 0 begins an entity, the others continue it.
NAME_POSITION: Final = tuple(int(s[-1]) if s[-1].isdigit() else 0 for s in SLOTS)


@dataclass(frozen=True, eq=False)
class Grammar:
    """One language's way to utter a meaning.

    Attributes:
        order: slot numbers in the order of utterance, shape [slots].
        endings: ending that a word takes, by slot and agreement feature, shape [slots, features].
        dropped: slots that the language leaves unsaid, shape [slots].
    """

    order: NDArray[np.int64]
    endings: NDArray[np.int64]
    dropped: NDArray[np.bool_]


def _order(line: str) -> NDArray[np.int64]:
    """Slot numbers of an order line; the tokens of a name stay together and in order."""
    names = [
        f"{name}{i}" if name.endswith("_name") else name
        for name in line.split()
        for i in range(N_NAME_TOKENS if name.endswith("_name") else 1)
    ]
    return np.array([SLOT[name] for name in names])


def concord_grammar(line: str) -> Grammar:
    """Grammar with noun classes: determiner, noun and adjective agree, the verb shows number.

    The verb agrees with the subject's noun across its modifier, a dependency over distance.
    """
    feature = np.arange(N_FEATURES)
    rule = {"DET": 1 + feature, "NOUN": 1 + feature, "ADJ": 1 + feature, "VERB": 1 + feature % 2}
    none = np.zeros(N_FEATURES, dtype=np.int64)
    endings = np.stack([rule.get(category, none) for category in SLOT_CATEGORY])
    return Grammar(_order(line), endings, np.zeros(len(SLOTS), dtype=np.bool_))


def case_grammar(line: str) -> Grammar:
    """Grammar without articles and noun classes: nouns carry case and number, names carry case."""
    number = np.arange(N_FEATURES) % 2
    case = {"s": 0, "m": 2, "o": 1, "p": 2}
    endings = np.zeros((len(SLOTS), N_FEATURES), dtype=np.int64)
    for index, (slot, category) in enumerate(zip(SLOTS, SLOT_CATEGORY, strict=True)):
        if category == "NOUN":
            endings[index] = 1 + 2 * case[slot[0]] + number
        elif category == "PROPN":
            endings[index] = 1 + 2 * case[slot[0]]
    dropped = np.array([category == "DET" for category in SLOT_CATEGORY])
    return Grammar(_order(line), endings, dropped)
