"""Figures, one file each: they take results, trials or frames, draw on one Axes and return it.

The stub beside this file is their list; each is loaded when first used, and matplotlib with it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
