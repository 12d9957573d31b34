"""Treatments of interference: one file each, one line each in `TREATMENTS`.

A treatment takes a frozen `TrainingPlan` and returns it with named parts replaced. Adding a line to
the table makes it known to studies, the command line, the report and the contract tests.
"""

from collections.abc import Mapping
from typing import Any, Final

from isogloss.core import look_up
from isogloss.treatments.aligned_mtl import AlignedMTLTreatment
from isogloss.treatments.cagrad import CAGradTreatment
from isogloss.treatments.contract import (
    Citation,
    Treatment,
    build,
    builds_on,
    citation,
    treatment_options,
)
from isogloss.treatments.dwa import DWATreatment
from isogloss.treatments.fairgrad import FairGradTreatment
from isogloss.treatments.famo import FAMOTreatment
from isogloss.treatments.fish import Fish
from isogloss.treatments.gradnorm import GradNormTreatment
from isogloss.treatments.gradvac import GradVacTreatment
from isogloss.treatments.imtl_g import IMTLGTreatment
from isogloss.treatments.l2_sp import L2SP
from isogloss.treatments.language_adapters import LanguageAdapters
from isogloss.treatments.language_attention import LanguageAttention
from isogloss.treatments.language_ffn import LanguageFeedForward
from isogloss.treatments.language_layer_norm import LanguageLayerNorm
from isogloss.treatments.lookahead import Lookahead
from isogloss.treatments.meta_adapters import MetaAdapters
from isogloss.treatments.mgda import MGDATreatment
from isogloss.treatments.mixout import Mixout
from isogloss.treatments.monolingual import Monolingual
from isogloss.treatments.nash_mtl import NashMTLTreatment
from isogloss.treatments.pcgrad import PCGradTreatment
from isogloss.treatments.recadam import RecAdam
from isogloss.treatments.reptile import Reptile
from isogloss.treatments.sequential_reptile import SequentialReptile
from isogloss.treatments.shared_adapter import SharedAdapter
from isogloss.treatments.single_language_batches import SingleLanguageBatches
from isogloss.treatments.static_weights import StaticWeightsTreatment
from isogloss.treatments.temperature import Temperature
from isogloss.treatments.uncertainty_weighting import UncertaintyWeightingTreatment
from isogloss.treatments.untreated import Untreated
from isogloss.treatments.upgrad import UPGradTreatment

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
    "pcgrad": PCGradTreatment,
    "gradvac": GradVacTreatment,
    "gradnorm": GradNormTreatment,
    "cagrad": CAGradTreatment,
    "mgda": MGDATreatment,
    "imtl_g": IMTLGTreatment,
    "nash_mtl": NashMTLTreatment,
    "upgrad": UPGradTreatment,
    "aligned_mtl": AlignedMTLTreatment,
    "fairgrad": FairGradTreatment,
    "famo": FAMOTreatment,
    "uncertainty_weighting": UncertaintyWeightingTreatment,
    "dwa": DWATreatment,
    "static_weights": StaticWeightsTreatment,
    "single_language_batches": SingleLanguageBatches,
    "lookahead": Lookahead,
    "sequential_reptile": SequentialReptile,
    "reptile": Reptile,
    "fish": Fish,
    "recadam": RecAdam,
    "l2_sp": L2SP,
    "mixout": Mixout,
}


def build_treatment(name: str, options: Mapping[str, Any]) -> Treatment:
    """Return the treatment called `name` with its options.

    Raises:
        InputError: unknown name or option, or a value of the wrong type.
    """
    return build(look_up(TREATMENTS, name, "treatment"), options)


__all__ = [
    "L2SP",
    "TREATMENTS",
    "AlignedMTLTreatment",
    "CAGradTreatment",
    "Citation",
    "DWATreatment",
    "FAMOTreatment",
    "FairGradTreatment",
    "Fish",
    "GradNormTreatment",
    "GradVacTreatment",
    "IMTLGTreatment",
    "LanguageAdapters",
    "LanguageAttention",
    "LanguageFeedForward",
    "LanguageLayerNorm",
    "Lookahead",
    "MGDATreatment",
    "MetaAdapters",
    "Mixout",
    "Monolingual",
    "NashMTLTreatment",
    "PCGradTreatment",
    "RecAdam",
    "Reptile",
    "SequentialReptile",
    "SharedAdapter",
    "SingleLanguageBatches",
    "StaticWeightsTreatment",
    "Temperature",
    "Treatment",
    "UPGradTreatment",
    "UncertaintyWeightingTreatment",
    "Untreated",
    "build",
    "build_treatment",
    "builds_on",
    "citation",
    "treatment_options",
]
