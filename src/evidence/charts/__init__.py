"""Interactive twins of the figures, in Altair: hover for a trial's numbers, click for its source.

The stub beside this file is their list. Altair is an extra: without it the first use says how to install it.
"""

import lazy_loader

from ..errors import require_extra

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name in __all__:
        require_extra("altair", "charts")
    return _load(name)
