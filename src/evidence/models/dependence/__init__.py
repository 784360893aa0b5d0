"""Several effects a study: their covariance, and tests that trust no assumption about it.

`sampling_covariance` makes V, `robust` the sandwich; `working_model` is what a fit must tell to be tested by it. `rve`
is a fit of its own, `wild_bootstrap` tests for few clusters.

Examples
--------
>>> import evidence as ev, pandas as pd
>>> trials = pd.DataFrame({"study": list("AABBCCDD"), "yi": [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1], "vi": 0.04})
>>> V = ev.sampling_covariance(trials, cluster="study", rho=0.6)
>>> print(ev.multilevel(trials, V=V, robust=None).sentence())
Across 8 effect sizes from 4 groups of 'study', the average effect is 0.31 (95% confidence interval −0.19 to
0.82).
"""
