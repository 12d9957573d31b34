"""Training: a frozen plan of five parts, one loop that runs it, and checkpoints to resume from.

A `TrainingPlan` is data: `sampler`, `modules`, `objective`, `combine`, `step`. Treatments replace
parts of it; the loop only calls them.
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.training.anchor import Anchor
    from isogloss.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
    from isogloss.training.contract import Combine, Step, StepContext
    from isogloss.training.engine import (
        AccelerateEngine,
        Engine,
        PlainEngine,
        create_engine,
        resolve_precision,
    )
    from isogloss.training.log import JsonLinesLog, TensorBoardLog, dev_curve, read_metrics
    from isogloss.training.loop import LoopSettings, Training, TrainingResult
    from isogloss.training.objective import (
        MaskedLMObjective,
        SequenceClassificationObjective,
        TokenClassificationObjective,
    )
    from isogloss.training.observer import Observer
    from isogloss.training.optimizer import SlotAdamW
    from isogloss.training.part_sampling import PartSampling
    from isogloss.training.parts import (
        AdamWSettings,
        GradientCombine,
        GradNormCombine,
        LossCombine,
        MetaStep,
        OptimizerStep,
        SlowWeightsStep,
        WeightedSum,
    )
    from isogloss.training.plan import (
        BuildContext,
        ObjectiveSpec,
        SamplerSpec,
        TrainingPlan,
        content_hash,
        describe,
    )
    from isogloss.training.sampling import (
        MixedTaskSampling,
        SingleLanguageSampling,
        TaskSampling,
        TextSampling,
    )
    from isogloss.training.step import RunningOptimizerStep
    from isogloss.training.weightings import DWA, FAMO, StaticWeights, UncertaintyWeighting

__all__ = [
    "DWA",
    "FAMO",
    "AccelerateEngine",
    "AdamWSettings",
    "Anchor",
    "BuildContext",
    "Checkpoint",
    "Combine",
    "Engine",
    "GradNormCombine",
    "GradientCombine",
    "JsonLinesLog",
    "LoopSettings",
    "LossCombine",
    "MaskedLMObjective",
    "MetaStep",
    "MixedTaskSampling",
    "ObjectiveSpec",
    "Observer",
    "OptimizerStep",
    "PartSampling",
    "PlainEngine",
    "RunningOptimizerStep",
    "SamplerSpec",
    "SequenceClassificationObjective",
    "SingleLanguageSampling",
    "SlotAdamW",
    "SlowWeightsStep",
    "StaticWeights",
    "Step",
    "StepContext",
    "TaskSampling",
    "TensorBoardLog",
    "TextSampling",
    "TokenClassificationObjective",
    "Training",
    "TrainingPlan",
    "TrainingResult",
    "UncertaintyWeighting",
    "WeightedSum",
    "content_hash",
    "create_engine",
    "describe",
    "dev_curve",
    "load_checkpoint",
    "read_metrics",
    "resolve_precision",
    "save_checkpoint",
]

make_lazy(__name__)
