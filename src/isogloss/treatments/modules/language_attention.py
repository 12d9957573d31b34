"""Multi-head attention of each language inside an otherwise shared model."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.models import ModuleSpec
from isogloss.training import TrainingPlan
from isogloss.treatments.modules.placement import Groups, Layers, slots_of


@dataclass(frozen=True)
class LanguageAttention:
    """Every language has the whole multi-head attention of each layer to itself.

    The shared attention is replaced, queries, keys, values and output with their biases:
    n (4 d^2 + 4 d) numbers per language in a BERT of n layers, width d. Everything else is shared
    and trained jointly.

    Attributes:
        initialise: "independent" (each drawn as the architecture draws the shared one) or "copy"
            (each begins as the model's own); None = independent from scratch, copy from a
            checkpoint.
        layers: numbers from 0 or a range such as "0-1"; None = all.
        groups: languages that share one, such as [[en, fr], [ru]]; None = one for each language.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, row "+attn". https://arxiv.org/abs/2010.03017

        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "language_attention"
    parts: ClassVar[tuple[str, ...]] = ("modules",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "A language's attention learns from no other language: it gains within a language and "
        "loses zero-shot transfer."
    )

    initialise: Literal["independent", "copy"] | None = None
    layers: Layers = None
    groups: Groups = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with an attention slot for each language or group."""
        slots = slots_of(self.groups, plan.languages, treatment=self.name)
        options = {} if self.initialise is None else {"initialise": self.initialise}
        own = ModuleSpec("attention", slots, self.layers, options)
        return plan.replace_parts(self.name, modules=(*plan.modules, own))

    def candidates(self) -> "tuple[LanguageAttention, ...]":
        """Return itself."""
        return (self,)
