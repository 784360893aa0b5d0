"""Bayesian random effects by quadrature: exact, no sampling.

`bayes` is the way in, `priors` what it takes; `compare` has groups drawn toward each other, `crossed`
cells of two classifications, `many` does a batch.

Examples
--------
>>> import evidence as ev
>>> post = ev.bayes([0.10, 0.42, 0.33], [0.04, 0.03, 0.05], tau_prior=ev.HalfNormal(0.5))
>>> print(post.sentence())
Given 3 studies and the priors, the average effect is about 0.29 (95% credible interval −0.13 to 0.70) and lies
above zero with probability 0.938; the effect in a new study lies between −0.48 and 1.05 with probability 95%.
"""
