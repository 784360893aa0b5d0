"""Effect sizes by name (SMD, RR, ...), from means, counts, rates and correlations.

`effect_size` is the way in and `measures` the registry: name, statistics, who computes it. `smd_from_tests` makes them
of t, F and p.
"""
