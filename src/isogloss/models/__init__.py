"""Multilingual encoders whose parameters are shared or language-specific.

`create_model` takes a preset, a Hugging Face folder or a hub name, and adds language-specific
modules where a `ModuleSpec` asks for them. Each weight of such a module is one tensor with a
leading axis of slots; `language`, an index for each row, chooses the slot.

    model = create_model(
        "tiny", tokenizer=tokenizer, languages=languages, seed=0,
        modules=[ModuleSpec.per_language("adapter", len(languages), bottleneck=32)],
    )
    hidden = model.encode(batch.input_ids, batch.attention_mask, batch.language)
    logits = model.masked_lm_logits(hidden[masked])
    model.save("my-model")  # AutoModelForMaskedLM opens it without isogloss
    export_model(model, "my-xmod", to="xmod")  # adapters at `residual`; import_xmod is the way back

>>> from isogloss.models import ATTACHMENTS, KINDS, PRESETS
>>> sorted(PRESETS)
['micro', 'mini', 'nano', 'paper', 'small', 'tiny']
>>> sorted(ATTACHMENTS)[:4]
['bert', 'deberta-v2', 'distilbert', 'eurobert']
>>> sorted(KINDS)
['adapter', 'attention', 'feed_forward', 'layer_norm', 'lora']
"""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from isogloss.models.attachments import ATTACHMENTS
    from isogloss.models.bodies import lacks_head
    from isogloss.models.checkpoint_checks import body_folder
    from isogloss.models.creation import create_model
    from isogloss.models.crossing import Crossing
    from isogloss.models.exports import Exported, export_model
    from isogloss.models.finished import (
        FinishedHead,
        finished_kind,
        longest_context,
        read_causal,
    )
    from isogloss.models.heads import SequenceClassifier, TokenClassifier
    from isogloss.models.kinds import KINDS
    from isogloss.models.loading import load_model
    from isogloss.models.module_spec import ModuleSpec
    from isogloss.models.multilingual import MultilingualModel
    from isogloss.models.occurring import occurring_rows
    from isogloss.models.presets import PRESETS
    from isogloss.models.sizes import ModelSize, check_layers, model_size
    from isogloss.models.slab import running_routing
    from isogloss.models.streams import Stream
    from isogloss.models.trimming import read_trimming, trim_model
    from isogloss.models.xmod import import_xmod

__all__ = [
    "ATTACHMENTS",
    "KINDS",
    "PRESETS",
    "Crossing",
    "Exported",
    "FinishedHead",
    "ModelSize",
    "ModuleSpec",
    "MultilingualModel",
    "SequenceClassifier",
    "Stream",
    "TokenClassifier",
    "body_folder",
    "check_layers",
    "create_model",
    "export_model",
    "finished_kind",
    "import_xmod",
    "lacks_head",
    "load_model",
    "longest_context",
    "model_size",
    "occurring_rows",
    "read_causal",
    "read_trimming",
    "running_routing",
    "trim_model",
]

make_lazy(__name__)
