"""Small-study effects and selective publication.

Tests (`egger`, `begg`, `counts`), adjusted estimates (`trim_and_fill`, `pet_peese`, `limit_meta`, `selection`), and
`bias_table`, which runs them all and says how far to trust each.
"""
