"""Annotate news text in the terminal: entities, claims, sources, and what ties them together."""

__version__ = "0.1.0"
