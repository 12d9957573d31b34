"""Treatments of interference: one file or folder each, one line each in `TREATMENTS`.

They lie in folders by the part of the plan that they replace; the file of a method holds its
equation, its options, its claim and its source.

A treatment takes a frozen `TrainingPlan` and returns it with named parts replaced. Adding a line to
the table makes it known to studies, the command line, the report and the contract tests.
"""

from collections.abc import Mapping
from typing import Any, Final

from isogloss.core import look_up
from isogloss.treatments.contract import (
    Citation,
    Treatment,
    build,
    builds_on,
    citation,
    needs_translations,
    treatment_options,
)
from isogloss.treatments.controls import Monolingual, Untreated
from isogloss.treatments.gradients.aligned_mtl import AlignedMTL
from isogloss.treatments.gradients.cagrad import CAGrad
from isogloss.treatments.gradients.fairgrad import FairGrad
from isogloss.treatments.gradients.gradvac import GradVac
from isogloss.treatments.gradients.imtl_g import IMTLG
from isogloss.treatments.gradients.mgda import MGDA
from isogloss.treatments.gradients.nash_mtl import NashMTL
from isogloss.treatments.gradients.pcgrad import PCGrad
from isogloss.treatments.gradients.upgrad import UPGrad
from isogloss.treatments.loss_weights.dwa import DWA
from isogloss.treatments.loss_weights.famo import FAMO
from isogloss.treatments.loss_weights.gradnorm import GradNorm
from isogloss.treatments.loss_weights.static_weights import StaticWeights
from isogloss.treatments.loss_weights.uncertainty_weighting import UncertaintyWeighting
from isogloss.treatments.modules.language_adapters import LanguageAdapters
from isogloss.treatments.modules.language_attention import LanguageAttention
from isogloss.treatments.modules.language_ffn import LanguageFeedForward
from isogloss.treatments.modules.language_layer_norm import LanguageLayerNorm
from isogloss.treatments.modules.shared_adapter import SharedAdapter
from isogloss.treatments.objectives.filter import Filter
from isogloss.treatments.objectives.translate_test import TranslateTest
from isogloss.treatments.objectives.translate_train import TranslateTrain
from isogloss.treatments.objectives.x_mixup.treatment import XMixup
from isogloss.treatments.objectives.xtune import XTune
from isogloss.treatments.regularisation.l2_sp import L2SP
from isogloss.treatments.regularisation.mixout import Mixout
from isogloss.treatments.regularisation.recadam import RecAdam
from isogloss.treatments.sampling.single_language_batches import SingleLanguageBatches
from isogloss.treatments.sampling.temperature import Temperature
from isogloss.treatments.steps.fish import Fish
from isogloss.treatments.steps.lookahead import Lookahead
from isogloss.treatments.steps.meta_adapters.treatment import MetaAdapters
from isogloss.treatments.steps.reptile import Reptile
from isogloss.treatments.steps.sequential_reptile import SequentialReptile

TREATMENTS: Final[Mapping[str, type[Treatment]]] = {
    "monolingual": Monolingual,
    "untreated": Untreated,
    "temperature": Temperature,
    "language_ffn": LanguageFeedForward,
    "language_attention": LanguageAttention,
    "language_layer_norm": LanguageLayerNorm,
    "language_adapters": LanguageAdapters,
    "shared_adapter": SharedAdapter,
    "meta_adapters": MetaAdapters,
    "pcgrad": PCGrad,
    "gradvac": GradVac,
    "gradnorm": GradNorm,
    "cagrad": CAGrad,
    "mgda": MGDA,
    "imtl_g": IMTLG,
    "nash_mtl": NashMTL,
    "upgrad": UPGrad,
    "aligned_mtl": AlignedMTL,
    "fairgrad": FairGrad,
    "famo": FAMO,
    "uncertainty_weighting": UncertaintyWeighting,
    "dwa": DWA,
    "static_weights": StaticWeights,
    "single_language_batches": SingleLanguageBatches,
    "lookahead": Lookahead,
    "sequential_reptile": SequentialReptile,
    "reptile": Reptile,
    "fish": Fish,
    "recadam": RecAdam,
    "l2_sp": L2SP,
    "mixout": Mixout,
    "translate_train": TranslateTrain,
    "translate_test": TranslateTest,
    "filter": Filter,
    "xtune": XTune,
    "x_mixup": XMixup,
}


def build_treatment(name: str, options: Mapping[str, Any]) -> Treatment:
    """Return the treatment called `name` with its options.

    Raises:
        InputError: unknown name or option, or a value of the wrong type.
    """
    return build(look_up(TREATMENTS, name, "treatment"), options)


__all__ = [
    "DWA",
    "FAMO",
    "IMTLG",
    "L2SP",
    "MGDA",
    "TREATMENTS",
    "AlignedMTL",
    "CAGrad",
    "Citation",
    "FairGrad",
    "Filter",
    "Fish",
    "GradNorm",
    "GradVac",
    "LanguageAdapters",
    "LanguageAttention",
    "LanguageFeedForward",
    "LanguageLayerNorm",
    "Lookahead",
    "MetaAdapters",
    "Mixout",
    "Monolingual",
    "NashMTL",
    "PCGrad",
    "RecAdam",
    "Reptile",
    "SequentialReptile",
    "SharedAdapter",
    "SingleLanguageBatches",
    "StaticWeights",
    "Temperature",
    "TranslateTest",
    "TranslateTrain",
    "Treatment",
    "UPGrad",
    "UncertaintyWeighting",
    "Untreated",
    "XMixup",
    "XTune",
    "build",
    "build_treatment",
    "builds_on",
    "citation",
    "needs_translations",
    "treatment_options",
]
