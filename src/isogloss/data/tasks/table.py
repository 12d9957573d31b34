"""The tasks: what each is, in one literal table; and by which sets they are called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from isogloss.core import InputError, look_up


@dataclass(frozen=True)
class TaskCard:
    """A supervised task, declared.

    Attributes:
        name: key in studies and records.
        kind: kind of data it is trained on, a folder or mapping key, with the name of a set:
            `pos`, `pos.pud`. Dev data are of the same set.
        form: key of `isogloss.tasks.FORMS`, which says how it is encoded, learned and scored.
        metric: key of `isogloss.core.METRICS`.
        description: one sentence.
        reference: where the usual data come from.
        test_kind: the same of test data; empty = that of the training data.
        other_metrics: further ones that its form scores it by.
    """

    name: str
    kind: str
    form: str
    metric: str
    description: str
    reference: str
    test_kind: str = ""
    other_metrics: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """Key of the task in `TASKS`, whatever its sets."""
        return self.name.partition("-on-")[0].partition(".")[0]

    @property
    def metrics(self) -> tuple[str, ...]:
        """All metrics that the task is scored by."""
        return (self.metric, *self.other_metrics)

    def kind_of(self, split: str) -> str:
        """Return the kind of data that a split is read from."""
        return self.test_kind if split == "test" and self.test_kind else self.kind


TASKS: Final[Mapping[str, TaskCard]] = {
    "ner": TaskCard(
        name="ner",
        kind="ner",
        form="token_classification",
        metric="entity_f1",
        description="Persons, places and organisations in IOB2 tags; exact spans count.",
        reference="Pan et al. 2017 (WikiAnn); Rahimi, Li, Cohn 2019 (splits); Hu et al. 2020 "
        "(PAN-X)",
    ),
    "pos": TaskCard(
        name="pos",
        kind="pos",
        form="token_classification",
        metric="pos_accuracy",
        description="The universal part of speech of every syntactic word.",
        reference="Nivre et al. 2020 (Universal Dependencies v2)",
    ),
    "pos_xtreme": TaskCard(
        name="pos_xtreme",
        kind="pos",
        form="token_classification",
        metric="pos_f1",
        description="`pos` by XTREME's F1 over runs of equal tags, which is no accuracy, and by "
        "accuracy.",
        reference="Hu et al. 2020 (XTREME), scored by seqeval 0.0.12",
        other_metrics=("pos_accuracy",),
    ),
    "topic": TaskCard(
        name="topic",
        kind="topic",
        form="sequence_classification",
        metric="accuracy",
        description="The topic of a sentence.",
        reference="Adelani et al. 2024 (SIB-200)",
    ),
    "nli": TaskCard(
        name="nli",
        kind="nli",
        form="sequence_classification",
        metric="accuracy",
        description="Whether a premise entails, contradicts or leaves open a hypothesis.",
        reference="Conneau et al. 2018 (XNLI)",
    ),
    "paraphrase": TaskCard(
        name="paraphrase",
        kind="nli.pawsx",
        form="sequence_classification",
        metric="accuracy",
        description="Whether two sentences mean the same.",
        reference="Yang et al. 2019 (PAWS-X)",
    ),
    "qa": TaskCard(
        name="qa",
        kind="qa",
        form="extractive_qa",
        metric="qa_f1",
        description="The part of a paragraph that answers a question.",
        reference="Clark et al. 2020 (TyDi QA, gold passage); Artetxe et al. 2020 (XQuAD); Lewis "
        "et al. 2020 (MLQA)",
        other_metrics=("qa_em",),
    ),
    "qa_passage_only": TaskCard(
        name="qa_passage_only",
        kind="qa",
        form="extractive_qa_passage_only",
        metric="qa_f1",
        description="Baseline of `qa`: the same training and tests, with every question empty.",
        reference="Kaushik and Lipton 2018 (How Much Reading Does Reading Comprehension Require?)",
        other_metrics=("qa_em",),
    ),
}


_ON: Final = "-on-"
_SET: Final = re.compile(r"[^.]+\.[^.]+")


def task_card(name: str, test: str = "") -> TaskCard:
    """Return a task, called by the sets that it is trained and tested on.

    Args:
        name: `pos`; `pos.pud`, trained and tested on that set; `pos-on-pos.pud`, trained on the
            main set and tested on another.
        test: kind of the test data, where `name` is that of the training data alone.

    Raises:
        InputError: there is no such task, or the two sets are of different tasks.

    Example:
        >>> card = task_card("pos-on-pos.pud")
        >>> card.kind_of("train"), card.kind_of("dev"), card.kind_of("test"), card.metric
        ('pos', 'pos', 'pos.pud', 'pos_accuracy')
        >>> task_card("pos", "pos.pud").name, task_card("pos.pud", "pos.pud").name
        ('pos-on-pos.pud', 'pos.pud')
        >>> task_card("paraphrase").kind, task_card("paraphrase.ours").kind
        ('nli.pawsx', 'nli.ours')
    """
    train, _, named = name.partition(_ON)
    card = look_up(TASKS, train.partition(".")[0], "task")
    test = test or named or train
    for one in (train, test):
        if one != card.name and not (one.startswith(f"{card.name}.") and _SET.fullmatch(one)):
            raise InputError(
                expected=f"`{card.name}`, or a set of it: `{card.name}.NAME`",
                found=f"`{one}`",
                where=f"task `{name}`",
                next_step=f"For example `{{task: {card.name}, test: {card.name}.other}}`.",
            )
    name = train if train == test else f"{train}{_ON}{test}"
    kind, test_kind = (_kind(card, one) for one in (train, test))
    return replace(card, name=name, kind=kind, test_kind="" if test == train else test_kind)


def _kind(card: TaskCard, name: str) -> str:
    """Return the kind of data of a task or of one of its sets."""
    _, _, own = name.partition(".")
    return f"{card.kind.partition('.')[0]}.{own}" if own else card.kind
