"""Concordance: a source-cited knowledge base of international security-cooperation agreements."""

__version__ = "0.2.0"
