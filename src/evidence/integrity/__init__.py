"""Can these numbers be right as printed?

Each check takes numbers as a paper prints them (scalars or arrays) and gives a frame: `passes` (NA where it cannot be
checked), the `number` behind it, and the `rule`. What does not pass cannot be right as printed, or is out of the
ordinary, as the rule says. Misprints, standard errors in the place of SDs and slips in copying are the usual causes.

Examples
--------
>>> import evidence as ev
>>> ev.grimmer(mean=["5.19", "5.18"], sd=["1.33", "1.33"], n=28)[["passes", "failed"]]
   passes failed
0   False   mean
1    True
>>> ev.p_recomputed(estimate="-5.1", ci_low="-9.8", ci_high="-0.4", p="0.21")["passes"].tolist()
[False]
"""
