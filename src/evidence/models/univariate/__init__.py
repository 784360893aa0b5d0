"""One effect a study: the mean (`pool`) and what moves it (`regress`).

`many` pools millions of groups, `compare` tests subgroups and nested models; results are `pooled` and `regression`.

Examples
--------
>>> import evidence as ev
>>> fit = ev.pool([0.10, 0.32, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
>>> print(fit.sentence())
Across 4 studies the average effect is 0.38 (95% confidence interval −0.04 to 0.80), and in a new study it is
expected between −0.39 and 1.16 (95% prediction interval).
"""
