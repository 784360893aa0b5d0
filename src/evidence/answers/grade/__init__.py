"""How sure a result is.

`synthesis` pools the rows of one question; `certainty` grades the result by the `rules` of GRADE, one function each.
`concerns` knows who was blinded, `missing_results` the trials that give no number, `worthwhile` the smallest effect
worth having.
"""
