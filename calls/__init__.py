"""Calls: a self-hosted manager for recurring expert calls."""

__version__ = "0.1.0"
