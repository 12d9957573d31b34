"""Training: a frozen plan of five parts, one loop that runs it, and checkpoints to resume from.

A `TrainingPlan` is data: `sampler`, `modules`, `objective`, `combine`, `step`. Treatments replace
parts of it; the loop only calls them.
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
    from isogloss.training.contract import (
        Combine,
        Observer,
        Step,
        StepContext,
        losses_now,
        seed_dropout,
    )
    from isogloss.training.engine import (
        AccelerateEngine,
        Engine,
        PlainEngine,
        create_engine,
        resolve_precision,
    )
    from isogloss.training.log import JsonLinesLog, TensorBoardLog, dev_curve, read_metrics
    from isogloss.training.loop import LoopSettings, Training, TrainingResult
    from isogloss.training.loss_combine import global_means
    from isogloss.training.non_finite import forget_gradients, refuse_non_finite
    from isogloss.training.objective import (
        Altered,
        MaskedLMObjective,
        PairedObjective,
        Reads,
        SequenceClassificationObjective,
        TokenClassificationObjective,
    )
    from isogloss.training.optimizer import SCHEDULES, SlotAdamW, rate
    from isogloss.training.parts import (
        AdamWSettings,
        GradientCombine,
        LossCombine,
        OptimizerStep,
        WeightedSum,
    )
    from isogloss.training.plan import (
        BuildContext,
        ObjectiveSpec,
        SamplerSpec,
        StepSpec,
        TrainingPlan,
        content_hash,
        describe,
    )
    from isogloss.training.sampling import (
        MixedTaskSampling,
        SingleLanguageSampling,
        TaskSampling,
        TextSampling,
        training_languages,
    )
    from isogloss.training.step import RunningOptimizerStep

__all__ = [
    "SCHEDULES",
    "AccelerateEngine",
    "AdamWSettings",
    "Altered",
    "BuildContext",
    "Checkpoint",
    "Combine",
    "Engine",
    "GradientCombine",
    "JsonLinesLog",
    "LoopSettings",
    "LossCombine",
    "MaskedLMObjective",
    "MixedTaskSampling",
    "ObjectiveSpec",
    "Observer",
    "OptimizerStep",
    "PairedObjective",
    "PlainEngine",
    "Reads",
    "RunningOptimizerStep",
    "SamplerSpec",
    "SequenceClassificationObjective",
    "SingleLanguageSampling",
    "SlotAdamW",
    "Step",
    "StepContext",
    "StepSpec",
    "TaskSampling",
    "TensorBoardLog",
    "TextSampling",
    "TokenClassificationObjective",
    "Training",
    "TrainingPlan",
    "TrainingResult",
    "WeightedSum",
    "content_hash",
    "create_engine",
    "describe",
    "dev_curve",
    "forget_gradients",
    "global_means",
    "load_checkpoint",
    "losses_now",
    "rate",
    "read_metrics",
    "refuse_non_finite",
    "resolve_precision",
    "save_checkpoint",
    "seed_dropout",
    "training_languages",
]

make_lazy(__name__)
