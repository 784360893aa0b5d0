"""From the trial tables to files: processed tables, figures, notebooks, the site.

`steps` says what is made from what, `build` makes the tables, `figures` and `pages` the rest, `reproduce` checks that
all of it repeats.

Examples
--------
>>> import evidence as ev
>>> explorer = ev.explore(ev.load())  # in JupyterLab: controls, answer, forest
>>> explorer.choose(condition="chronic_overuse", comparator="sham", outcome="pain")  # doctest: +SKIP
"""
