"""Effect sizes ``yi`` and sampling variances ``vi``, for any field.

`measures` computes them from statistics, `recover` finds the statistics that papers leave out, and every number comes
in through the checks of `inputs`.

Examples
--------
>>> import evidence as ev
>>> trials = ev.effect_size("SMD", m1=[5.1, 4.4], sd1=2.0, n1=[40, 61], m2=[4.0, 4.1], sd2=2.2, n2=[38, 60])
>>> trials.round(3).to_dict("list")
{'yi': [0.519, 0.142], 'vi': [0.053, 0.033]}
"""
