"""Words for what was found, and nothing else: no rule is decided here.

`words` holds the vocabulary, `pool_sentence` and `narrative` the sentences (GRADE's narrative statements).
"""
