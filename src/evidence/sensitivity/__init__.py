"""How far a pooled result hangs on single trials and choices.

Influence, leave-one-out, cumulative, GOSH, permutation and bootstrap: each a batch for the engine.

Examples
--------
>>> import evidence as ev
>>> fit = ev.pool([0.10, 0.32, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
>>> ev.leave_one_out(fit)["estimate"].round(2).tolist()
[0.49, 0.39, 0.38, 0.24]
"""
