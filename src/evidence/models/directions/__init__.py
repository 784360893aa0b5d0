"""Synthesis without effect sizes, for trials that print only which way they went, or only a p value.

`vote_count` counts directions (the sign test), `combine_pvalues` makes one p value of many.

Examples
--------
>>> import evidence as ev
>>> votes = ev.vote_count([1, 1, 1, -1, 0, 1])
>>> print(votes.sentence())
4 of 5 trials that pointed either way pointed in favour (1 more pointed neither way): 80%, 95% interval 28% to
99%; this counts trials, not how large effects are.
"""
