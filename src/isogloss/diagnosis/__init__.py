"""Measurements that explain a result, one file each."""

from isogloss.diagnosis.plateau import PLATEAU_MARGIN, left_plateau

__all__ = ["PLATEAU_MARGIN", "left_plateau"]
