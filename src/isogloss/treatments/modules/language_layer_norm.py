"""Layer norms of each language inside an otherwise shared model."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from isogloss.models import ModuleSpec
from isogloss.training import TrainingPlan
from isogloss.treatments.modules.placement import Groups, Layers, slots_of


@dataclass(frozen=True)
class LanguageLayerNorm:
    """Every language has all layer norms to itself: the smallest of the language-specific parts.

    (2 n + 1) 2 d numbers per language in a BERT of n layers and width d. In the authors' code
    (`lang_specific_LN`), in none of their tables.

    Attributes:
        norms: "all", the norms before the first and after the last layer among them, or "inside",
            those in layers only.
        initialise: "independent" (each drawn as the architecture draws the shared one) or "copy"
            (each begins as the model's own); None = independent from scratch, copy from a
            checkpoint.
        layers: numbers from 0 or a range such as "0-1"; None = all.
        groups: languages that share one, such as [[en, fr], [ru]]; None = one for each language.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020. https://arxiv.org/abs/2010.03017

        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "language_layer_norm"
    parts: ClassVar[tuple[str, ...]] = ("modules",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "A language's layer norms learn from no other language, for a few numbers per layer."
    )

    norms: Literal["all", "inside"] = "all"
    initialise: Literal["independent", "copy"] | None = None
    layers: Layers = None
    groups: Groups = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with a slot of layer norms for each language or group."""
        slots = slots_of(self.groups, plan.languages, treatment=self.name)
        options = {} if self.initialise is None else {"initialise": self.initialise}
        own = ModuleSpec("layer_norm", slots, self.layers, {"norms": self.norms, **options})
        return plan.replace_parts(self.name, modules=(*plan.modules, own))

    def candidates(self) -> "tuple[LanguageLayerNorm, ...]":
        """Return itself."""
        return (self,)
