"""Every reasonable way to compute one answer, side by side.

`sets` says which trials and measures each choice keeps; `multiverse` fits them all as one batch; `moves` says which
choices the answer hangs on, `words` what they are called, `result` holds it all.
"""
