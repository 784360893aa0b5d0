"""Fits turned into the statements a practitioner may make."""
