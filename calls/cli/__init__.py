"""The commands of an operator: each says what it does, one sentence on a mistake, and never a secret it was not asked for."""

from calls.cli.commands import main

__all__ = ["main"]
