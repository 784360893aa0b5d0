"""Every reasonable way to compute one answer, side by side.

`sets` says which trials and measures each choice keeps; `multiverse` fits them all as one batch.
"""
