"""What two comparisons have in common because an arm of the one is an arm of the other.

The effect of a comparison is a sum of one part an arm, and arms are independent. Write the parts' standard
deviations as f (the arm's mean or risk, which enters with + in arm 1 and - in arm 2) and h (the arm's share of the
pooled standard deviation, which enters with the same sign in both). Comparisons i and j then have the covariance

    F_ij + H_ij = sum over common arms a of  s_ia s_ja f_ia f_ja + h_ia h_ja

| measure | f | h |
|---|---|---|
| MD | sd / sqrt(n) | 0 |
| SMD | 1 / sqrt(n) | g sqrt(n) / (sqrt(2) (n1 + n2)) |
| RR (log) | sqrt(1/events - 1/n) | 0 |
| OR (log) | sqrt(1/events + 1/(n - events)) | 0 |

so that F_ii + H_ii is the usual large-sample variance, and an SMD pair with common arm n has 1/n + gi gj n / (2 Ni Nj)
(each with its own pooled standard deviation; with one pooled over all arms it would be 1/n + gi gj / (2 N), the
formula of Gleser & Olkin 2009). Between outcomes whose errors correlate by r, means covary by r F and standard
deviations by r^2 H (Wei & Higgins 2013).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...effects.arguments import shown
from ...errors import InvalidInput
from ..engine.engine import Floats
from ..values import numbers
from .blocks import Ints

_NEEDED = {
    "MD": ("sd1", "n1", "sd2", "n2"),
    "SMD": ("n1", "n2", "yi"),
    "RR": ("ai", "n1", "ci", "n2"),
    "OR": ("ai", "n1", "ci", "n2"),
}


@dataclass(frozen=True, eq=False)
class ArmParts:
    """Arms of k comparisons and their parts.

    Attributes
    ----------
    arms : (2, k) int array
        Arm 1 and arm 2 of each row, numbered over all clusters.
    f : (2, k) array
        Signed f of these arms.
    h : (2, k) array
        Their h.
    """

    arms: Ints
    f: Floats
    h: Floats

    def correlation(self, stack: Ints, r: Floats) -> Floats:
        """Correlations of the rows of n clusters of size m.

        Parameters
        ----------
        stack : (n, m) int array
            Rows.
        r : (n, m, m) array
            Correlation of their outcomes and weeks.
        """
        total = np.zeros(r.shape)
        for one in (0, 1):
            for other in (0, 1):
                common = self.arms[one][stack][:, :, None] == self.arms[other][stack][:, None, :]
                means = self.f[one][stack][:, :, None] * self.f[other][stack][:, None, :]
                spreads = self.h[one][stack][:, :, None] * self.h[other][stack][:, None, :]
                total += common * (r * means + r**2 * spreads)
        root = np.sqrt((self.f**2 + self.h**2).sum(axis=0))[stack]
        return np.asarray(total / (root[:, :, None] * root[:, None, :]))


def arm_parts(
    frame: pd.DataFrame,
    clusters: Ints,
    pair: tuple[Hashable | None, Hashable],
    measure: str,
    columns: Mapping[str, str],
) -> ArmParts:
    """Read the arms of each row and their numbers; see `sampling_covariance` for the parameters."""
    if not isinstance(measure, str) or measure not in _NEEDED:
        raise InvalidInput(f"shared arms are known for {', '.join(_NEEDED)}, not for {shown(measure)}")
    if not isinstance(columns, Mapping):
        raise InvalidInput(f"columns={shown(columns)} is no mapping; write it as {{'n1': 'n_acupuncture'}}")
    unknown = set(columns) - set(_NEEDED[measure])
    if unknown:
        raise InvalidInput(f"columns= names {sorted(unknown)}; {measure} needs {', '.join(_NEEDED[measure])}")
    read = {name: _positive(frame, columns.get(name, name), name) for name in _NEEDED[measure]}
    arms = _arm_codes(frame, clusters, pair)
    first, second, spread = _parts(measure, read)
    return ArmParts(arms, np.stack([first, -second]), spread)


def _parts(measure: str, read: dict[str, Floats]) -> tuple[Floats, Floats, Floats]:
    n1, n2 = read["n1"], read["n2"]
    none = np.zeros((2, len(n1)))
    if measure == "MD":
        return read["sd1"] / np.sqrt(n1), read["sd2"] / np.sqrt(n2), none
    if measure == "SMD":
        spread = read["yi"] / (np.sqrt(2) * (n1 + n2)) * np.sqrt([n1, n2])
        return 1 / np.sqrt(n1), 1 / np.sqrt(n2), spread
    ai, ci = read["ai"], read["ci"]
    if (ai >= n1).any() or (ci >= n2).any():
        raise InvalidInput("an arm has as many events as people; add 0.5 to its counts, as for the effect size")
    if measure == "RR":
        return np.sqrt(1 / ai - 1 / n1), np.sqrt(1 / ci - 1 / n2), none
    return np.sqrt(1 / ai + 1 / (n1 - ai)), np.sqrt(1 / ci + 1 / (n2 - ci)), none


def _positive(frame: pd.DataFrame, name: str, role: str) -> Floats:
    if not isinstance(name, Hashable) or name not in frame:
        raise InvalidInput(f"column {name!r} is needed for {role}; say where it is: columns={{{role!r}: ...}}")
    values = numbers(frame[name], name)
    wrong = ~np.isfinite(values) | ((values <= 0) & (role != "yi"))
    if wrong.any():
        i = int(np.argmax(wrong))
        raise InvalidInput(f"column {name!r} is {values[i]} in row {frame.index[i]!r}; it has to be a positive number")
    return values


def _arm_codes(frame: pd.DataFrame, clusters: Ints, pair: tuple[Hashable | None, Hashable]) -> Ints:
    k = len(clusters)
    names: list[list[tuple[Hashable, ...]]] = []
    for side in pair:
        if side is None:
            names.append([("own", i) for i in range(k)])
            continue
        if not isinstance(side, Hashable) or side not in frame:
            raise InvalidInput(f"arm column {shown(side)} is not in the frame; its columns: {list(frame.columns)}")
        if frame[side].isna().any():
            raise InvalidInput(f"column {side!r} does not name an arm in row {frame.index[frame[side].isna()][0]!r}")
        names.append([("arm", cluster, arm) for cluster, arm in zip(clusters, frame[side], strict=True)])
    codes = pd.factorize(pd.Series(names[0] + names[1], dtype=object))[0].reshape(2, k)
    same = codes[0] == codes[1]
    if same.any():
        raise InvalidInput(f"row {frame.index[int(np.argmax(same))]!r} compares an arm with itself")
    return codes.astype(np.int64)
