"""Synthesis without effect sizes, for trials that print only which way they went, or only a p value.

`vote_count` counts directions (the sign test), `combine_pvalues` makes one p value of many.
"""
