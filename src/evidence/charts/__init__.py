"""Interactive twins of the figures, in Altair: hover for a trial's numbers, click for its source.

The stub beside this file is their list. Altair is an extra: without it the first use says how to install it.

Examples
--------
>>> import evidence as ev
>>> fit = ev.pool([0.10, 0.32, 0.35, 0.65], [0.03, 0.03, 0.05, 0.01], slab=["Abe", "Berg", "Cruz", "Dietz"])
>>> chart = ev.charts.forest(fit)
>>> page = ev.charts.save(chart, "forest.html")  # doctest: +SKIP
"""

import lazy_loader

from ..errors import require_extra

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name in __all__:
        require_extra("altair", "charts")
    return _load(name)
