"""The batched core: B meta-analyses as segments laid end to end; a single fit is B = 1.

`engine` is the way in, `estimators` has every estimator of tau2 once, `inference` tests and intervals, `compiled` the
numba twins.
"""
