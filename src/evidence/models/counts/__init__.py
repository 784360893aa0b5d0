"""Models for tables of events that need no effect size a study.

`mantel_haenszel`, `peto` and `glmm`, with `two_by_two` tables in and `result` out.
"""
