"""How sure a result is.

`synthesis` pools the rows of one question; `certainty` grades the result by the `rules` of GRADE, one function each.
`concerns` knows who was blinded, `worthwhile` the smallest effect worth having; `missing_results` asks what a pool
would be with the trials that give no number.
"""
