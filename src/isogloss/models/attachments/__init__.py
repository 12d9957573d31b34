"""One file per architecture; the key is `config.model_type` of Hugging Face.

An architecture is added with a file of paths and a line here. The tests run every entry.
"""

from collections.abc import Mapping
from typing import Final

from isogloss.models.attachments.attachment import Attachment
from isogloss.models.attachments.bert import BERT
from isogloss.models.attachments.deberta_v2 import DEBERTA_V2
from isogloss.models.attachments.distilbert import DISTILBERT
from isogloss.models.attachments.eurobert import EUROBERT
from isogloss.models.attachments.modernbert import MODERNBERT
from isogloss.models.attachments.xlm_roberta import XLM_ROBERTA
from isogloss.models.attachments.xlm_roberta_xl import XLM_ROBERTA_XL

ATTACHMENTS: Final[Mapping[str, Attachment]] = {
    "bert": BERT,
    "deberta-v2": DEBERTA_V2,
    "distilbert": DISTILBERT,
    "eurobert": EUROBERT,
    "modernbert": MODERNBERT,
    "xlm-roberta": XLM_ROBERTA,
    "xlm-roberta-xl": XLM_ROBERTA_XL,
}

__all__ = ["ATTACHMENTS", "Attachment"]
