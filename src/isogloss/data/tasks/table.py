"""The literal table of tasks."""

from collections.abc import Mapping
from typing import Final

from isogloss.data.tasks.card import TaskCard
from isogloss.data.tasks.ner import NER
from isogloss.data.tasks.nli import NLI
from isogloss.data.tasks.paraphrase import PARAPHRASE
from isogloss.data.tasks.pos import POS
from isogloss.data.tasks.pos_xtreme import POS_XTREME
from isogloss.data.tasks.qa import QA
from isogloss.data.tasks.qa_passage_only import QA_PASSAGE_ONLY
from isogloss.data.tasks.topic import TOPIC

TASKS: Final[Mapping[str, TaskCard]] = {
    "ner": NER,
    "pos": POS,
    "pos_xtreme": POS_XTREME,
    "topic": TOPIC,
    "nli": NLI,
    "paraphrase": PARAPHRASE,
    "qa": QA,
    "qa_passage_only": QA_PASSAGE_ONLY,
}
