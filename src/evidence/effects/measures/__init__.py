"""Effect sizes by name (SMD, RR, ...), from means, counts, rates and correlations.

`effect_size` is the way in and `measures` the registry: name, statistics, who computes it.
"""
