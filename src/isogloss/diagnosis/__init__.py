"""Measurements that explain a result, one file each, one line each in `MEASUREMENTS`.

A measurement takes a finished run and returns rows. Adding a line to the table makes it known to
studies (`measurements:`), to `isogloss list measurements`, to the tables and the report.

>>> sorted(MEASUREMENTS)
['conflict', 'confounds', 'forgetting', 'neurons', 'representations', 'selection', 'sharing']
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from isogloss.core import make_lazy
from isogloss.diagnosis.destroyed import Standing, TaskStanding, destroyed, destroyed_by_task
from isogloss.diagnosis.measured_conflict import MeasuredConflict
from isogloss.diagnosis.measured_confounds import PLATEAU_MARGIN, MeasuredConfounds, left_plateau
from isogloss.diagnosis.measured_forgetting import MeasuredForgetting
from isogloss.diagnosis.measured_representations import MeasuredRepresentations
from isogloss.diagnosis.measured_selection import SELECTION_FILE, MeasuredSelection
from isogloss.diagnosis.measured_sharing import MeasuredNeurons, MeasuredSharing
from isogloss.diagnosis.measurement import FinishedRun, Measurement
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
    from isogloss.diagnosis.grouping.affinities import (
        Affinities,
        AffinitySettings,
        measure_affinities,
        representation_affinity,
    )
    from isogloss.diagnosis.grouping.clustering import (
        Grouping,
        adjusted_rand,
        group,
        random_groups,
    )
    from isogloss.diagnosis.grouping.of_text import (
        script_affinity,
        text_affinity,
        typology_affinity,
    )
    from isogloss.diagnosis.sharing.conclusions import Recommendation, recommend, sharing_notes
    from isogloss.diagnosis.sharing.learning import GateFile, GateTraining
    from isogloss.diagnosis.sharing.neurons import NeuronMap, NeuronSettings, measure_neurons
    from isogloss.diagnosis.sharing.sharing_map import (
        SharingMap,
        SharingSettings,
        measure_sharing,
    )
    from isogloss.diagnosis.weight_distance import WeightDistance, weight_distance

MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "confounds": MeasuredConfounds(),
    "conflict": MeasuredConflict(),
    "forgetting": MeasuredForgetting(),
    "representations": MeasuredRepresentations(),
    "sharing": MeasuredSharing(),
    "neurons": MeasuredNeurons(),
    "selection": MeasuredSelection(),
}

__all__ = [
    "CONFLICT_FILE",
    "MEASUREMENTS",
    "PLATEAU_MARGIN",
    "SELECTION_FILE",
    "Affinities",
    "AffinitySettings",
    "CentroidDistance",
    "ConflictCallback",
    "ConflictMonitor",
    "ConflictProbe",
    "ConflictSummary",
    "FinishedRun",
    "Forgetting",
    "GateFile",
    "GateTraining",
    "Grouping",
    "LanguageForgetting",
    "MeasuredSelection",
    "Measurement",
    "NeuronMap",
    "NeuronSettings",
    "Recommendation",
    "SharingMap",
    "SharingSettings",
    "Standing",
    "TaskStanding",
    "WeightDistance",
    "adjusted_rand",
    "centroid_distance",
    "conflict_lines",
    "conflict_row",
    "destroyed",
    "destroyed_by_task",
    "group",
    "left_plateau",
    "linear_cka",
    "measure_affinities",
    "measure_forgetting",
    "measure_neurons",
    "measure_sharing",
    "module_kind",
    "paired_distance",
    "random_groups",
    "read_looks",
    "recommend",
    "representation_affinity",
    "retrieval",
    "script_affinity",
    "sharing_notes",
    "shuffled_cka",
    "summarise_conflict",
    "text_affinity",
    "typology_affinity",
    "weight_distance",
]

make_lazy(__name__)
