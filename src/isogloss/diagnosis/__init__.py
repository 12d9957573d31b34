"""Measurements that explain a result, one file each."""

from isogloss.diagnosis.forgetting import Forgetting, LanguageForgetting, measure_forgetting
from isogloss.diagnosis.plateau import PLATEAU_MARGIN, left_plateau
from isogloss.diagnosis.weight_distance import WeightDistance, weight_distance

__all__ = [
    "PLATEAU_MARGIN",
    "Forgetting",
    "LanguageForgetting",
    "WeightDistance",
    "left_plateau",
    "measure_forgetting",
    "weight_distance",
]
