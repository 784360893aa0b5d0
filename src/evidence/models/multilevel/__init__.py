"""Random effects within random effects: rows in studies in laboratories.

`multilevel` is the way in; for nested levels `variance_components` finds the variances and `result` is what it returns.
Random effects of any structure are described by `random_effect`, read as `terms`, maximised by `mixed_maximum` and
returned as a `mixed_model`.

Examples
--------
>>> import evidence as ev, pandas as pd
>>> trials = pd.DataFrame({"study": list("AABBCCDDEE"), "vi": 0.04,
...                        "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.3]})
>>> print(ev.multilevel(trials, levels=("study", "row"), rho=0.6).sentence())
Across 10 effect sizes from 5 groups of 'study', the average effect is 0.32 (95% confidence interval −0.02 to
0.66).
"""
