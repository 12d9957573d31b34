"""Measurements that explain a result, one file each, one line each in `MEASUREMENTS`.

A measurement takes a finished run and returns rows. Adding a line to the table makes it known to
studies (`measurements:`), to `isogloss list measurements`, to the tables and the report.

>>> sorted(MEASUREMENTS)
['conflict', 'confounds', 'forgetting', 'representations']
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from isogloss.core import make_lazy
from isogloss.diagnosis.destroyed import Standing, destroyed
from isogloss.diagnosis.measured_conflict import MeasuredConflict
from isogloss.diagnosis.measured_confounds import MeasuredConfounds
from isogloss.diagnosis.measured_forgetting import MeasuredForgetting
from isogloss.diagnosis.measured_representations import MeasuredRepresentations
from isogloss.diagnosis.measurement import FinishedRun, Measurement
from isogloss.diagnosis.plateau import PLATEAU_MARGIN, left_plateau
from isogloss.diagnosis.similarity import (
    CentroidDistance,
    centroid_distance,
    linear_cka,
    paired_distance,
    retrieval,
    shuffled_cka,
)

if TYPE_CHECKING:
    from isogloss.diagnosis.conflict import conflict_row, module_kind
    from isogloss.diagnosis.conflict_callback import ConflictCallback
    from isogloss.diagnosis.conflict_monitor import ConflictMonitor
    from isogloss.diagnosis.conflict_probe import ConflictProbe
    from isogloss.diagnosis.conflict_summary import (
        CONFLICT_FILE,
        ConflictSummary,
        conflict_lines,
        read_looks,
        summarise_conflict,
    )
    from isogloss.diagnosis.forgetting import Forgetting, LanguageForgetting, measure_forgetting
    from isogloss.diagnosis.weight_distance import WeightDistance, weight_distance

MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "confounds": MeasuredConfounds(),
    "conflict": MeasuredConflict(),
    "forgetting": MeasuredForgetting(),
    "representations": MeasuredRepresentations(),
}

__all__ = [
    "CONFLICT_FILE",
    "MEASUREMENTS",
    "PLATEAU_MARGIN",
    "CentroidDistance",
    "ConflictCallback",
    "ConflictMonitor",
    "ConflictProbe",
    "ConflictSummary",
    "FinishedRun",
    "Forgetting",
    "LanguageForgetting",
    "Measurement",
    "Standing",
    "WeightDistance",
    "centroid_distance",
    "conflict_lines",
    "conflict_row",
    "destroyed",
    "left_plateau",
    "linear_cka",
    "measure_forgetting",
    "module_kind",
    "paired_distance",
    "read_looks",
    "retrieval",
    "shuffled_cka",
    "summarise_conflict",
    "weight_distance",
]

make_lazy(__name__)
