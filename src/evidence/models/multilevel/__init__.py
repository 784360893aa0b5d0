"""Random effects within random effects: rows in studies in laboratories.

`multilevel` is the way in, `variance_components` finds the variances, `result` is what it returns.
"""
