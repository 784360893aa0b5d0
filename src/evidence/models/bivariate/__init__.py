"""Two outcomes a study, pooled together.

`bivariate` is the way in, `likelihood` its restricted likelihood.
"""
