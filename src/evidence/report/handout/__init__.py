"""Handouts: one printed page for patients about one condition.

`words` says what stands on it, `handout.typ` how it looks, `sheet` makes the PDF.
"""
