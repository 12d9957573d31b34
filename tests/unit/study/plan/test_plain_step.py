"""The untreated step of a training."""

import pytest

from isogloss.study.plan.plain_step import plain_step
from isogloss.study.spec.settings import FinetuningSettings, PretrainingSettings
from isogloss.training import AdamWSettings, OptimizerStep


@pytest.mark.parametrize("kind", [PretrainingSettings, FinetuningSettings])
def test_every_setting_of_the_optimizer_reaches_the_step(
    kind: type[PretrainingSettings | FinetuningSettings],
) -> None:
    settings = kind(learning_rate=0.3, weight_decay=0.2, schedule="constant", warm_up=0.4, clip=5)
    optimizer = AdamWSettings(learning_rate=0.3, weight_decay=0.2)
    assert plain_step(settings) == OptimizerStep(optimizer, "constant", 0.4, 5)
