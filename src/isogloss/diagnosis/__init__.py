"""Measurements that explain a result, one file each."""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

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
    from isogloss.diagnosis.plateau import PLATEAU_MARGIN, left_plateau
    from isogloss.diagnosis.weight_distance import WeightDistance, weight_distance

__all__ = [
    "CONFLICT_FILE",
    "PLATEAU_MARGIN",
    "ConflictCallback",
    "ConflictMonitor",
    "ConflictProbe",
    "ConflictSummary",
    "Forgetting",
    "LanguageForgetting",
    "WeightDistance",
    "conflict_lines",
    "conflict_row",
    "left_plateau",
    "measure_forgetting",
    "module_kind",
    "read_looks",
    "summarise_conflict",
    "weight_distance",
]

make_lazy(__name__)
