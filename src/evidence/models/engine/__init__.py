"""The batched core: B meta-analyses as segments laid end to end; a single fit is B = 1.

`engine` is the way in, `tau2` has every estimator once, `inference` tests and intervals, `compiled` the numba twins.
"""
