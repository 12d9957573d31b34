"""What a task is: a filled-in form."""

from dataclasses import dataclass


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
