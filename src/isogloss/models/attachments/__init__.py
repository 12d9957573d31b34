"""The architectures that language-specific modules attach to, each a row of paths."""

from isogloss.models.attachments.architectures import ATTACHMENTS
from isogloss.models.attachments.attachment import Attachment

__all__ = ["ATTACHMENTS", "Attachment"]
