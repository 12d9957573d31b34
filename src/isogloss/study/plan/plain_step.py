"""The untreated step of a pretraining or fine-tuning, from its settings."""

from isogloss.study.spec.settings import FinetuningSettings, PretrainingSettings
from isogloss.training import AdamWSettings, OptimizerStep


def plain_step(settings: PretrainingSettings | FinetuningSettings) -> OptimizerStep:
    """Return AdamW with the settings' rate, schedule and clipping."""
    return OptimizerStep(
        AdamWSettings(learning_rate=settings.learning_rate, weight_decay=settings.weight_decay),
        settings.schedule,
        settings.warm_up,
        settings.clip,
    )
