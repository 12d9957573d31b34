"""One file per architecture; the key is `config.model_type` of Hugging Face.

An architecture is added with a file of paths and a line here. The tests run every entry.
"""

from collections.abc import Mapping
from typing import Final

from isogloss.models.attachments.attachment import Attachment
from isogloss.models.attachments.bert import BERT
from isogloss.models.attachments.modernbert import MODERNBERT
from isogloss.models.attachments.xlm_roberta import XLM_ROBERTA

ATTACHMENTS: Final[Mapping[str, Attachment]] = {
    "bert": BERT,
    "modernbert": MODERNBERT,
    "xlm-roberta": XLM_ROBERTA,
}

__all__ = ["ATTACHMENTS", "Attachment"]
