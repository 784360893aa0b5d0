"""How sure a result is.

`synthesis` pools the rows of one question; `certainty` grades the result by the `rules` of GRADE, one function each;
`missing_results` knows the trials that give no number, `worthwhile` the smallest effect worth having.
"""
