"""Two outcomes a study, pooled together.

`bivariate` is the way in, `likelihood` its restricted likelihood.

Examples
--------
>>> import evidence as ev
>>> link = ev.bivariate([0.1, 0.4, 0.5, 0.9], [0.02] * 4, [0.2, 0.3, 0.6, 0.8], [0.03] * 4, rho_within=0.5)
>>> round(link.slope, 2)
0.8
"""
