"""Selection models: what if results were published by their p value?

`selection` is the way in; `functions` are the weight functions, one registry; `likelihood` and `fit` do the work.
"""
