"""isogloss measures, explains and treats negative interference in multilingual language models."""

__version__ = "0.1.0"
