"""Bayesian random effects by quadrature: exact, no sampling.

`bayes` is the way in, `priors` what it takes; `compare` has groups drawn toward each other, `many` does a batch.
"""
