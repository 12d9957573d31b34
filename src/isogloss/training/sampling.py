"""The two plain samplers of a plan: running text, and labelled examples."""

from dataclasses import dataclass

from isogloss.data import Sampler, TaskSampler, TextSampler
from isogloss.training.plan import BuildContext


@dataclass(frozen=True)
class TextSampling:
    """Windows of running text, languages mixed in proportion to size^exponent.

    Attributes:
        exponent: 0 = every language the same number of rows, 1 = proportional to size.
        homogeneous: one language per batch instead of mixed batches.
    """

    exponent: float
    homogeneous: bool = False

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler over the encoded corpora of the run's languages."""
        return TextSampler(
            {language: context.material[language] for language in context.languages},
            rows=context.rows,
            length=context.length,
            exponent=self.exponent,
            seed=context.seed,
            homogeneous=self.homogeneous,
        )


@dataclass(frozen=True)
class TaskSampling:
    """Labelled examples, each once an epoch, in batches of like length.

    Attributes:
        epochs: passes over the examples.
    """

    epochs: int

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler over the labelled examples of the training languages."""
        return TaskSampler(
            context.material,
            languages=context.languages,
            rows=context.rows,
            epochs=self.epochs,
            seed=context.seed,
            pad_id=context.tokenizer.pad_id,
        )
