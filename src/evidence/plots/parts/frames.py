"""What a figure asks of the frame it is given."""

from __future__ import annotations

import pandas as pd

from ...errors import InvalidInput


def need(figure: str, frame: pd.DataFrame, *columns: str | None) -> None:
    """Refuse a frame without rows or without one of ``columns`` (None asks for nothing)."""
    wanted = [name for name in columns if name is not None]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise InvalidInput(f"{figure}: the frame has no column {missing[0]!r}; it needs {', '.join(wanted)}")
    if frame.empty:
        raise InvalidInput(f"{figure}: the frame has no rows")
