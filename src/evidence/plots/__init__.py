"""Figures, one file each: they take results, trials or frames, draw on one Axes and return it.

The stub beside this file is their list; each is loaded when first used, and matplotlib with it.

Examples
--------
>>> import evidence as ev
>>> fit = ev.pool([0.10, 0.32, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01], slab=["Abe", "Berg", "Cruz", "Dietz"])
>>> with ev.theme("blog"):
...     ax = ev.plots.forest(fit, title="Four trials")
>>> path = ev.plots.save(ax, "forest.svg")  # doctest: +SKIP
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
