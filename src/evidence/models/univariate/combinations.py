"""Linear combinations of the coefficients of a regression: contrasts and marginal means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_flag
from ...errors import InvalidInput
from ..adjustment import adjusted
from ..design import Design
from ..engine.engine import Floats
from ..marginal_means import mean_rows, pairs_of
from ..wald import Coefficients, Contrast, coefficient_table, joint_test, read_combinations


class Combinations(Coefficients):
    """What a regression says of combinations of its coefficients."""

    cov: Floats
    df: float
    frame: pd.DataFrame | None
    design: Design

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return self.design.names

    @property
    def beta(self) -> Floats:
        """The coefficients, (p,)."""
        return np.asarray(self.coefficients["estimate"].to_numpy())

    def contrast(
        self, combinations: Mapping[str, Mapping[str, float]] | ArrayLike, adjust: str | None = None
    ) -> Contrast:
        """Estimate and test linear combinations of the coefficients.

        Parameters
        ----------
        combinations : (m, p) array-like, or mapping of label to {coefficient: factor}
        adjust : str, optional
            Adds p values corrected for how many combinations there are: "bonferroni", "holm", "sidak", "holm-sidak",
            "hochberg", "hommel", "fdr" (Benjamini & Hochberg) or "fdr-by" (Benjamini & Yekutieli).

        Returns
        -------
        Contrast
            ``coefficients``, one row a combination, and ``joint``, the test that all are zero; combinations that follow
            from others add nothing to it.

        Raises
        ------
        InvalidInput
            A name that is no coefficient, not one factor a coefficient, or no such adjustment.

        Examples
        --------
        >>> import evidence as ev, pandas as pd
        >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "arm": list("aabbc")})
        >>> fit = ev.regress(frame, formula="~ 0 + arm", test="z")
        >>> difference = fit.contrast({"b - a": {"arm[b]": 1, "arm[a]": -1}})
        >>> round(float(difference.coefficients.loc["b - a", "estimate"]), 3)
        0.35
        """
        labels, matrix = read_combinations(combinations, self.names)
        return self._contrast(labels, matrix, adjust)

    def _contrast(self, labels: list[str], matrix: Floats, adjust: str | None) -> Contrast:
        beta, cov = matrix @ self.beta, matrix @ self.cov @ matrix.T
        table = adjusted(coefficient_table(beta, cov, self.df, self.level, labels), adjust)
        return Contrast(table, joint_test(beta, cov, self.df), self.level)

    def marginal_means(
        self,
        of: str | None = None,
        at: Mapping[str, object] | None = None,
        *,
        pairs: bool = False,
        adjust: str | None = None,
    ) -> Contrast:
        """What the model expects of each level of a factor, the other moderators averaged.

        Parameters
        ----------
        of : str, optional
            The factor, a column of the frame; by default one mean over all.
        at : mapping of column to value, optional
            Where to hold other moderators. By default numbers stand at their mean over the studies, and factors are
            averaged over their levels with equal weights.
        pairs : bool
            Every difference of two levels in place of the levels.
        adjust : str, optional
            As for `contrast`.

        Returns
        -------
        Contrast
            One row a level, or a difference of two.

        Raises
        ------
        InvalidInput
            No such moderator, or one that is a number.

        Examples
        --------
        >>> import evidence as ev, pandas as pd
        >>> frame = pd.DataFrame({"yi": [0.1, 0.4, 0.3, 0.9, 0.7], "vi": [0.1] * 5, "arm": list("aabbc")})
        >>> fit = ev.regress(frame.assign(week=[4, 8, 6, 6, 6]), formula="~ arm + week", test="z")
        >>> fit.marginal_means("arm").coefficients["estimate"].round(3).tolist()
        [0.25, 0.6, 0.7]
        >>> fit.marginal_means("arm", pairs=True, adjust="holm").coefficients.index.tolist()
        ['b - a', 'c - a', 'c - b']
        """
        require_flag("pairs", pairs)
        if self.frame is None:
            raise InvalidInput("marginal means need the moderators: fit a frame, not arrays")
        labels, matrix = mean_rows(self.design, self.frame, of, at)
        if pairs:
            labels, matrix = pairs_of(labels, matrix)
        return self._contrast(labels, matrix, adjust)
