"""The command line: one thin file per command."""

from isogloss.cli.main import main

__all__ = ["main"]
