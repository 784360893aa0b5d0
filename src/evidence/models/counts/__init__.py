"""Models for tables of events that need no effect size a study.

`mantel_haenszel`, `peto` and `glmm`, with `two_by_two` tables in and `result` out.

Examples
--------
>>> import evidence as ev
>>> improved, not_improved = [12, 8, 20], [28, 32, 60]
>>> fit = ev.mantel_haenszel(improved, not_improved, [20, 9, 33], [21, 21, 47], measure="RR")
>>> print(fit.sentence())
Across 3 trials the pooled risk ratio is 0.62 (95% confidence interval 0.45 to 0.86).
"""
