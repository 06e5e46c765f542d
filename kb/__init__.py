"""Concordance: a source-cited knowledge base of international security-cooperation agreements."""
