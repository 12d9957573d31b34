"""Models for people who do not have isogloss: folders that `transformers` alone opens."""

from isogloss.models.exports.export import Exported, export_model

__all__ = ["Exported", "export_model"]
