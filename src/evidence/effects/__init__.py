"""Effect sizes ``yi`` and sampling variances ``vi``, for any field.

`measures` computes them from statistics, `recover` finds the statistics that papers leave out, and every number comes
in through the checks of `inputs`.
"""
