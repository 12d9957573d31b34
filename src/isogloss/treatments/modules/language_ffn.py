"""Feed-forward layers of each language inside an otherwise shared model."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.models import ModuleSpec
from isogloss.training import TrainingPlan
from isogloss.treatments.modules.placement import Groups, Layers, slots_of


@dataclass(frozen=True)
class LanguageFeedForward:
    """Every language has the whole feed-forward part of each layer to itself.

    The shared feed-forward part is replaced: n (8 d^2 + 5 d) numbers per language in a BERT of n
    layers and width d. Everything else is shared and trained jointly.

    Attributes:
        initialise: "independent" (each drawn as the architecture draws the shared one) or "copy"
            (each begins as the model's own); None = independent from scratch, copy from a
            checkpoint.
        layers: numbers from 0 or a range such as "0-1"; None = all.
        groups: languages that share one, such as [[en, fr], [ru]]; None = one for each language.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, row "+ffn". https://arxiv.org/abs/2010.03017

        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "language_ffn"
    parts: ClassVar[tuple[str, ...]] = ("modules",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "A language's feed-forward layers learn from no other language: the gain within a language "
        "is the largest, and so is the loss of zero-shot transfer."
    )

    initialise: Literal["independent", "copy"] | None = None
    layers: Layers = None
    groups: Groups = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with a feed-forward slot for each language or group."""
        slots = slots_of(self.groups, plan.languages, treatment=self.name)
        options = {} if self.initialise is None else {"initialise": self.initialise}
        own = ModuleSpec("feed_forward", slots, self.layers, options)
        return plan.replace_parts(self.name, modules=(*plan.modules, own))

    def candidates(self) -> "tuple[LanguageFeedForward, ...]":
        """Return itself."""
        return (self,)
