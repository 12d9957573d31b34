"""Rules that turn a Gramian into weights: one file each, named as in the literature."""

from isogloss.gradients.aggregation.contract import Weighting, WeightingSpec
from isogloss.gradients.aggregation.gradnorm import gradnorm_derivative, normalised
from isogloss.gradients.aggregation.gradvac import GradVac
from isogloss.gradients.aggregation.pcgrad import PCGrad
from isogloss.gradients.aggregation.rule import Rule

__all__ = [
    "GradVac",
    "PCGrad",
    "Rule",
    "Weighting",
    "WeightingSpec",
    "gradnorm_derivative",
    "normalised",
]
