"""Treatments of interference: one file each, one line each in `TREATMENTS`.

A treatment takes a frozen `TrainingPlan` and returns it with named parts replaced. Adding a line to
the table makes it known to studies, the command line, the report and the contract tests.
"""

from collections.abc import Mapping
from typing import Any, Final

from isogloss.core import look_up
from isogloss.treatments.aligned_mtl import AlignedMTLTreatment
from isogloss.treatments.cagrad import CAGradTreatment
from isogloss.treatments.contract import Citation, Treatment, build, citation, treatment_options
from isogloss.treatments.dwa import DWATreatment
from isogloss.treatments.fairgrad import FairGradTreatment
from isogloss.treatments.famo import FAMOTreatment
from isogloss.treatments.gradnorm import GradNormTreatment
from isogloss.treatments.gradvac import GradVacTreatment
from isogloss.treatments.imtl_g import IMTLGTreatment
from isogloss.treatments.language_adapters import LanguageAdapters
from isogloss.treatments.meta_adapters import MetaAdapters
from isogloss.treatments.mgda import MGDATreatment
from isogloss.treatments.monolingual import Monolingual
from isogloss.treatments.nash_mtl import NashMTLTreatment
from isogloss.treatments.pcgrad import PCGradTreatment
from isogloss.treatments.static_weights import StaticWeightsTreatment
from isogloss.treatments.temperature import Temperature
from isogloss.treatments.uncertainty_weighting import UncertaintyWeightingTreatment
from isogloss.treatments.untreated import Untreated
from isogloss.treatments.upgrad import UPGradTreatment

TREATMENTS: Final[Mapping[str, type[Treatment]]] = {
    "monolingual": Monolingual,
    "untreated": Untreated,
    "temperature": Temperature,
    "language_adapters": LanguageAdapters,
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
}


def build_treatment(name: str, options: Mapping[str, Any]) -> Treatment:
    """Return the treatment called `name` with its options.

    Raises:
        InputError: unknown name or option, or a value of the wrong type.
    """
    return build(look_up(TREATMENTS, name, "treatment"), options)


__all__ = [
    "TREATMENTS",
    "AlignedMTLTreatment",
    "CAGradTreatment",
    "Citation",
    "DWATreatment",
    "FAMOTreatment",
    "FairGradTreatment",
    "GradNormTreatment",
    "GradVacTreatment",
    "IMTLGTreatment",
    "LanguageAdapters",
    "MGDATreatment",
    "MetaAdapters",
    "Monolingual",
    "NashMTLTreatment",
    "PCGradTreatment",
    "StaticWeightsTreatment",
    "Temperature",
    "Treatment",
    "UPGradTreatment",
    "UncertaintyWeightingTreatment",
    "Untreated",
    "build_treatment",
    "citation",
    "treatment_options",
]
