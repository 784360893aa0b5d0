"""What would settle a question: how much information it takes, how far trials have come, and what one more would tell.

Required information size, trial sequential analysis, the next trial, and fragility.

Examples
--------
>>> import evidence as ev
>>> fit = ev.pool([0.10, 0.32, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01])
>>> found = ev.trial_sequential(fit, order=[1999, 2004, 2011, 2016], delta=0.4)
>>> found.conclusion
'undecided'
"""
