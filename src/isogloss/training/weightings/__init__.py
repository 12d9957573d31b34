"""Weightings of losses: one file each, named as in the literature."""

from isogloss.training.weightings.dwa import DWA
from isogloss.training.weightings.famo import FAMO
from isogloss.training.weightings.static_weights import StaticWeights
from isogloss.training.weightings.uncertainty_weighting import UncertaintyWeighting

__all__ = ["DWA", "FAMO", "StaticWeights", "UncertaintyWeighting"]
