"""The samplers of a plan: running text, labelled examples, and both in single-language batches."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, runtime_checkable

from isogloss.core import InputError, Language
from isogloss.data import (
    MixedTaskSampler,
    Sampler,
    SingleLanguageSampler,
    TaskSampler,
    TextSampler,
)
from isogloss.training.plan import BuildContext, SamplerSpec


@dataclass(frozen=True)
class TextSampling:
    """Windows of running text, languages mixed in proportion to size^exponent.

    Attributes:
        exponent: 0 = every language the same number of rows, 1 = proportional to size.
    """

    exponent: float

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler over the encoded corpora of the run's languages."""
        return TextSampler(
            {language: context.material[language] for language in context.languages},
            rows=context.rows,
            length=context.length,
            exponent=self.exponent,
            seed=context.seed,
        )

    def sizes(self, context: BuildContext) -> dict[Language, float]:
        """Return the tokens of each language."""
        return {one: context.material[one].n_tokens for one in training_languages(context)}


@dataclass(frozen=True)
class TaskSampling:
    """Labelled examples, each once an epoch, in batches of like length.

    Attributes:
        epochs: passes over the examples.
        exponent: of every task, because each example comes once an epoch.
    """

    exponent: ClassVar[float] = 1.0

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

    def sizes(self, context: BuildContext) -> dict[Language, float]:
        """Return the batches of an epoch of each language, the last one perhaps not full."""
        return {
            one: -(-len(context.material[one]) // context.rows)
            for one in training_languages(context)
        }


@dataclass(frozen=True)
class MixedTaskSampling:
    """Labelled examples of several languages in full batches, in proportion to size^exponent.

    Attributes:
        exponent: 0 = every language the same number of examples, 1 = proportional to its examples.
    """

    exponent: float

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler over the labelled examples of the training languages."""
        return MixedTaskSampler(
            context.material,
            languages=context.languages,
            rows=context.rows,
            exponent=self.exponent,
            seed=context.seed,
            pad_id=context.tokenizer.pad_id,
        )

    def sizes(self, context: BuildContext) -> dict[Language, float]:
        """Return the examples of each language."""
        return {one: len(context.material[one]) for one in training_languages(context)}


@runtime_checkable
class DivisibleSampling(Protocol):
    """A sampler that can be built for some of the languages alone."""

    @property
    def exponent(self) -> float:
        """Languages are sampled in proportion to size^exponent."""
        ...

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler of a run."""
        ...

    def sizes(self, context: BuildContext) -> Mapping[Language, float]:
        """Return the amount of data of each language with training data."""
        ...


@dataclass(frozen=True)
class SingleLanguageSampling:
    """Batches of one language each, in place of mixed ones.

    Each language gets its exact share of the batches of every block, in an order drawn by lot,
    so that its budget is the same in every run. A language's own batches are those of a training on
    it alone.

    Attributes:
        mixed: the sampler that is divided by language, of text or of labelled examples.
        block: batches whose order is drawn together; None = as many as languages with data.
        exponent: batches in proportion to size^exponent; None = as `mixed` has it.
        order: "shuffled", or "grouped" = the batches of a language stand together in the block.
    """

    mixed: SamplerSpec
    block: int | None = None
    exponent: float | None = None
    order: Literal["shuffled", "grouped"] = "shuffled"

    def build(self, context: BuildContext) -> SingleLanguageSampler:
        """Return the sampler over one sampler for each language with training data.

        Raises:
            InputError: the mixed sampler cannot be divided by language.
        """
        mixed = self.mixed
        if not isinstance(mixed, DivisibleSampling):
            raise InputError(
                expected="a sampler of text or of labelled examples",
                found=f"`{type(mixed).__name__}`",
                where="single-language batches",
                next_step="Use one treatment of the sampler at a time.",
            )
        sizes = mixed.sizes(context)
        return SingleLanguageSampler(
            {language: mixed.build(_alone(context, language)) for language in sizes},
            sizes,
            exponent=mixed.exponent if self.exponent is None else self.exponent,
            block=len(sizes) if self.block is None else self.block,
            seed=context.seed,
            languages=context.languages,
            grouped=self.order == "grouped",
        )


def training_languages(context: BuildContext) -> tuple[Language, ...]:
    """Return the languages of a run that have training data, in index order."""
    return tuple(language for language in context.languages if language in context.material)


def _alone(context: BuildContext, language: Language) -> BuildContext:
    """Return the context of a training on one language alone."""
    material = {language: context.material[language]}
    return dataclasses.replace(context, languages=(language,), material=material)
