"""One effect a study: the mean (`pool`) and what moves it (`regress`).

`many` pools millions of groups, `compare` tests subgroups and nested models; results are `pooled` and `regression`.
"""
