"""Measurements that explain a result, one file each."""

from isogloss.diagnosis.conflict import conflict_row, module_kind
from isogloss.diagnosis.conflict_callback import ConflictCallback
from isogloss.diagnosis.conflict_monitor import CONFLICT_FILE, ConflictMonitor
from isogloss.diagnosis.conflict_probe import ConflictProbe
from isogloss.diagnosis.forgetting import Forgetting, LanguageForgetting, measure_forgetting
from isogloss.diagnosis.plateau import PLATEAU_MARGIN, left_plateau
from isogloss.diagnosis.weight_distance import WeightDistance, weight_distance

__all__ = [
    "CONFLICT_FILE",
    "PLATEAU_MARGIN",
    "ConflictCallback",
    "ConflictMonitor",
    "ConflictProbe",
    "Forgetting",
    "LanguageForgetting",
    "WeightDistance",
    "conflict_row",
    "left_plateau",
    "measure_forgetting",
    "module_kind",
    "weight_distance",
]
