"""The table of effect measures: what each is called, what it needs, and which function computes it.

A new measure is a function of checked arrays in one of the modules beside this one, and its line in `counted` or
`measured`.
"""

from __future__ import annotations

from collections.abc import Mapping

from .counted import COUNTED
from .measure import Measure
from .measured import MEASURED

MEASURES: Mapping[str, Measure] = {**MEASURED, **COUNTED}
