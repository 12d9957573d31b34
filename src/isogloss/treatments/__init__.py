"""Treatments of interference: one file each, one line each in `TREATMENTS`.

A treatment takes a frozen `TrainingPlan` and returns it with named parts replaced. Adding a line to
the table makes it known to studies, the command line, the report and the contract tests.
"""

from collections.abc import Mapping
from typing import Any, Final

from isogloss.core import look_up
from isogloss.treatments.contract import Citation, Treatment, build, citation, treatment_options
from isogloss.treatments.fish import Fish
from isogloss.treatments.l2_sp import L2SP
from isogloss.treatments.language_adapters import LanguageAdapters
from isogloss.treatments.lookahead import Lookahead
from isogloss.treatments.meta_adapters import MetaAdapters
from isogloss.treatments.mixout import Mixout
from isogloss.treatments.monolingual import Monolingual
from isogloss.treatments.recadam import RecAdam
from isogloss.treatments.reptile import Reptile
from isogloss.treatments.sequential_reptile import SequentialReptile
from isogloss.treatments.single_language_batches import SingleLanguageBatches
from isogloss.treatments.temperature import Temperature
from isogloss.treatments.untreated import Untreated

TREATMENTS: Final[Mapping[str, type[Treatment]]] = {
    "monolingual": Monolingual,
    "untreated": Untreated,
    "temperature": Temperature,
    "language_adapters": LanguageAdapters,
    "meta_adapters": MetaAdapters,
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
    "Citation",
    "Fish",
    "LanguageAdapters",
    "Lookahead",
    "MetaAdapters",
    "Mixout",
    "Monolingual",
    "RecAdam",
    "Reptile",
    "SequentialReptile",
    "SingleLanguageBatches",
    "Temperature",
    "Treatment",
    "Untreated",
    "build_treatment",
    "citation",
    "treatment_options",
]
