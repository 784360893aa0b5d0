"""From the trial tables to files: processed tables, figures, notebooks, the site.

`steps` says what is made from what, `build` makes the tables, `figures` and `pages` the rest, `reproduce` checks that
all of it repeats.
"""
