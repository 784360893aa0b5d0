"""The columns a reader wants beside the trials of a forest plot, their sums, and the lights of risk of bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import InvalidInput
from .lights import sign_of
from .table import Column, cells_of
from .text import plain


@dataclass(frozen=True)
class TrialColumns:
    """The reader's columns: text of every cell, and sums for the rows that pool."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[str, ...], ...]  # one tuple a trial
    numbers: tuple[tuple[float, ...], ...]  # values of the columns to be summed, one tuple a trial
    summed: tuple[bool, ...]

    @classmethod
    def read(cls, frame: pd.DataFrame | None, k: int, totals: Sequence[str] | None) -> TrialColumns:
        if frame is None:
            return cls((), ((),) * k, ((),) * k, ())
        if len(frame) != k:
            raise InvalidInput(f"forest: columns has {len(frame)} rows, the pooled result has {k} trials")
        names = [str(name) for name in frame.columns]
        unknown = [name for name in totals or () if name not in names]
        if unknown:
            raise InvalidInput(f"forest: totals names {unknown[0]!r}, which is not in columns ({', '.join(names)})")
        texts, fields, values, summed = [], [], [], []
        for i, name in enumerate(names):
            text, numeric = cells_of(frame.iloc[:, i])
            wanted = name in totals if totals is not None else name == "n" or name.startswith("n ")
            fields.append(Column(plain(name), "right" if numeric else "left", shrink=not numeric))
            summed.append(wanted and numeric)
            values.append(pd.to_numeric(frame.iloc[:, i]).to_numpy(float) if wanted and numeric else np.zeros(k))
            texts.append(text)
        numbers = tuple(tuple(float(v[i]) for v in values) for i in range(k))
        return cls(tuple(fields), tuple(zip(*texts, strict=True)), numbers, tuple(summed))

    def judged(self, frame: pd.DataFrame | None) -> TrialColumns:
        """The same with a light for every trial and domain."""
        if frame is None:
            return self
        if len(frame) != len(self.cells):
            raise InvalidInput(f"forest: risk_of_bias has {len(frame)} rows for {len(self.cells)} trials")
        fields = tuple(Column(plain(name), "center", lights=True) for name in frame.columns)
        rows = frame.itertuples(index=False, name=None)
        signs = (tuple(sign_of(v, "forest") for v in row) for row in rows)
        cells = tuple((*mine, *theirs) for mine, theirs in zip(self.cells, signs, strict=True))
        none = (0.0,) * len(fields)
        numbers = tuple((*mine, *none) for mine in self.numbers)
        return TrialColumns((*self.columns, *fields), cells, numbers, (*self.summed, *(False for _ in fields)))

    def sums(self, start: int, stop: int) -> tuple[str, ...]:
        """Cells of a pooled row over the trials from ``start`` to ``stop``."""
        sums = np.nansum(np.array(self.numbers[start:stop]), axis=0)
        return tuple(f"{s:.0f}" if wanted else "" for s, wanted in zip(sums, self.summed, strict=True))
