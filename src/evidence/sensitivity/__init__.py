"""How far a pooled result hangs on single trials and choices.

Influence, leave-one-out, cumulative, GOSH, permutation and bootstrap: each a batch for the engine.
"""
