"""How many people the trials of a fit had, where its frame tells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def sizes_of(fit: Any) -> NDArray[np.float64] | None:
    """Sizes of trials of one group: ``ni``, or ``xi`` with an event and ``mi`` without."""
    frame = getattr(fit, "frame", None)
    if not isinstance(frame, pd.DataFrame) or not ("ni" in frame or {"xi", "mi"} <= set(frame)):
        return None
    given = frame["ni"] if "ni" in frame else frame["xi"] + frame["mi"]
    sizes = pd.to_numeric(given, errors="coerce").to_numpy(float)
    return sizes if bool((sizes > 0).all()) else None
