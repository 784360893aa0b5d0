"""Small-study effects and selective publication.

Tests (`egger`, `begg`, `counts`), adjusted estimates (`trim_and_fill`, `pet_peese`, `limit_meta`, `selection`), and
`bias_table`, which runs them all and says how far to trust each.

Examples
--------
>>> import evidence as ev
>>> yi = [0.12, 0.05, 0.31, 0.22, 0.47, 0.30, 0.58, 0.41, 0.83, 0.70]
>>> vi = [0.01, 0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.08, 0.11, 0.12]
>>> print(ev.egger(yi, vi).sentence())
Small studies show higher effects than large ones (Egger's test, p < 0.001).
"""
