"""Trials as a row an arm, and as a row a comparison: one from the other."""
