"""Cronbach's alpha ``ai`` of ``mi`` items answered by ``ni`` people; each function returns `yi` and `vi`."""

from __future__ import annotations

import numpy as np

from ..inputs import Floats


def alpha(ai: Floats, mi: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """ARAW: alpha itself; Bonett (2010), doi:10.1037/a0020142."""
    return ai, 2 * mi * (1 - ai) ** 2 / ((mi - 1) * (ni - 2))


def hakstian_whalen(ai: Floats, mi: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """AHW = 1 - cube root of (1 - alpha); Hakstian & Whalen (1976), doi:10.1007/BF02291840."""
    return 1 - np.cbrt(1 - ai), 18 * mi * (ni - 1) * np.cbrt(1 - ai) ** 2 / ((mi - 1) * (9 * ni - 11) ** 2)


def bonett(ai: Floats, mi: Floats, ni: Floats) -> tuple[Floats, Floats]:
    """ABT = -log(1 - alpha); Bonett (2002), doi:10.3102/10769986027004335."""
    return -np.log1p(-ai), 2 * mi / ((mi - 1) * (ni - 2))
