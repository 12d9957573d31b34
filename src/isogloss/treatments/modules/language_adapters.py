"""Bottleneck adapters of each language inside an otherwise shared model."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.models import ModuleSpec
from isogloss.training import TrainingPlan
from isogloss.treatments.modules.placement import Groups, Layers, slots_of


@dataclass(frozen=True)
class LanguageAdapters:
    """Two bottleneck adapters per layer and language, trained jointly with the shared weights.

    After the attention and after the feed-forward sublayer, inside the residual branch:
    z + W2 act(W1 z + c1) + c2, with W1 of shape [bottleneck, width].

    Attributes:
        bottleneck: width of the adapter.
        initialise: "linear" (as the authors' code) or "zero_up" (starts as the identity; at
            "residual" but for the layer norm that comes in twice there).
        places: "both" (as in the paper), "attention" or "feed_forward" for one adapter a layer, or
            "residual" for one where X-MOD has it, after the residual sum: BERT and XLM-R only, and
            `isogloss export --to xmod` can write such a model.
        layers: numbers from 0 or a range such as "0-1"; None = all.
        groups: languages that share one, such as [[en, fr], [ru]]; None = one for each language.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, row "+adpt". https://arxiv.org/abs/2010.03017

        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "language_adapters"
    parts: ClassVar[tuple[str, ...]] = ("modules",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "Gains within a language over untreated joint training; zero-shot stays near untreated."
    )

    bottleneck: Annotated[int, Field(ge=1)] = 48
    initialise: Literal["linear", "zero_up"] = "linear"
    places: Literal["both", "attention", "feed_forward", "residual"] = "both"
    layers: Layers = None
    groups: Groups = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with an adapter slot for each language or group."""
        # The default is not written: plans of before this option keep their address.
        places = {} if self.places == "both" else {"places": self.places}
        options = {"bottleneck": self.bottleneck, "initialise": self.initialise, **places}
        slots = slots_of(self.groups, plan.languages, treatment=self.name)
        adapter = ModuleSpec("adapter", slots, self.layers, options)
        return plan.replace_parts(self.name, modules=(*plan.modules, adapter))

    def candidates(self) -> "tuple[LanguageAdapters, ...]":
        """Return itself."""
        return (self,)
