"""Cluster wild bootstrap: tests of coefficients when clusters are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...effects.arguments import require_choice, require_count
from ...errors import InvalidInput, NotEstimable
from .. import wording
from ..engine.engine import Floats
from ..result import Result
from ..studies import Column
from .result import KIND_WORDS, combinations_of
from .robust import cluster_labels, clusters_of
from .sandwich import Clusters, Kind, adjusted_weights
from .working_model import HasWorkingModel

Multiplier = Literal["rademacher", "webb"]

_WEBB = np.sqrt([0.5, 1.0, 1.5])
#: Numbers that the residuals of a cluster are multiplied with, all equally likely.
MULTIPLIERS: dict[str, Floats] = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.concatenate([-_WEBB, _WEBB]),
}
_AT_ONCE = 2_000_000  # numbers held at a time
_MOST = 1_000_000  # samples
_TIE = 1e-9  # two statistics this near are equal


@dataclass(frozen=True, repr=False, eq=False)
class WildBootstrap(Result):
    """Tests by the cluster wild bootstrap.

    Attributes
    ----------
    tests : DataFrame
        Index what is tested; columns statistic (F of the Wald test), df (how many combinations), p_value.
    iterations : int
        Samples drawn.
    exact : bool
        Whether they are all that there are.
    multiplier : {"rademacher", "webb"}
        What residuals of a cluster are multiplied by.
    clusters : int
        How many.
    kind : {"CR0", "CR1", "CR2"}
        Covariance in the statistic.

    See Also
    --------
    wild_bootstrap : Makes it.
    Robust : Satterthwaite and HTZ tests of the same.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> yi = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3]
    >>> found = ev.wild_bootstrap(ev.rve(pd.DataFrame({"yi": yi, "vi": 0.04, "study": list("AABBCCDDEEFF")})))
    >>> found.exact, found.iterations
    (True, 64)
    """

    tests: pd.DataFrame
    iterations: int
    exact: bool
    multiplier: Multiplier
    clusters: int
    kind: Kind

    def sentence(self) -> str:
        parts = [f"{name} p {wording.p_value(p)}" for name, p in self.tests["p_value"].items()]
        how = f"all {self.iterations}" if self.exact else f"{self.iterations}"
        return f"By {how} wild bootstrap samples of {self.clusters} clusters: {', '.join(parts)}."

    def _title(self) -> str:
        how = "all " if self.exact else ""
        return f"Cluster wild bootstrap, {how}{self.iterations} samples ({self.multiplier}), {self.clusters} clusters"

    def _lines(self) -> list[str]:
        return [
            f"{name}: F = {wording.number(row['statistic'])}, p {wording.p_value(row['p_value'])}"
            for name, row in self.tests.iterrows()
        ]

    def _rows(self) -> pd.DataFrame:
        return self.tests.rename_axis("tested")


def wild_bootstrap(
    fit: HasWorkingModel,
    tested: Sequence[str] | Mapping[str, Mapping[str, float]] | ArrayLike | None = None,
    cluster: Column | None = None,
    *,
    multiplier: Multiplier = "rademacher",
    iterations: int = 1999,
    kind: Kind = "CR1",
    seed: int = 0,
) -> WildBootstrap:
    """Test coefficients by the cluster wild bootstrap.

    Parameters
    ----------
    fit : Rve, Pooled, Regression, Multilevel or MixedModel
        Result of `rve`, `pool`, `regress` or `multilevel`.
    tested : sequence of str, mapping of label to {coefficient: factor}, or (q, p) array-like, optional
        Coefficients or combinations of them, tested one by one and all together; by default every coefficient, and all
        but the intercept together.
    cluster : column name, or (k,) array-like
        By default the fit's own independent blocks.
    multiplier : {"rademacher", "webb"}
        What residuals are multiplied with: -1 or 1; or six numbers (Webb 2023), for fewer than ten clusters.
    iterations : int
        Samples; all 2^J signs of J clusters are taken where these are fewer.
    kind : {"CR0", "CR1", "CR2"}
        Covariance in the statistic.
    seed : int
        The same seed gives the same samples.

    Returns
    -------
    WildBootstrap
        ``.tests``, one row a coefficient and one for all.

    Raises
    ------
    InvalidInput
        What is no fit, a name that is no coefficient.
    NotEstimable
        One cluster, or a statistic that too few clusters leave without a value.

    See Also
    --------
    robust : Tests by approximation, with Satterthwaite df.
    permutation_test : Of independent trials.

    Notes
    -----
    The null hypothesis is imposed: samples are X b0 + v_j e0_j, with b0 the weighted least squares under it, e0_j the
    residuals of cluster j under it, and v_j one draw a cluster. The weights stay those of the fit. p is the share of
    samples whose statistic is not smaller.

    References
    ----------
    Cameron, Gelbach & Miller (2008), Review of Economics and Statistics 90:414, 10.1162/rest.90.3.414.
    Joshi, Pustejovsky & Beretvas (2022), Research Synthesis Methods 13:457, 10.1002/jrsm.1554.
    Webb (2023), Canadian Journal of Economics 56:839, 10.1111/caje.12661.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> yi = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3]
    >>> fit = ev.rve(pd.DataFrame({"yi": yi, "vi": 0.04, "study": list("AABBCCDDEEFF")}))
    >>> ev.wild_bootstrap(fit).tests["p_value"].round(4).to_dict()
    {'Intercept': 0.0625}
    """
    require_choice("multiplier", multiplier, get_args(Multiplier))
    require_choice("kind", kind, KIND_WORDS)
    require_count("iterations", iterations, 1, _MOST)
    require_count("seed", seed, 0)
    if not isinstance(fit, HasWorkingModel):
        raise InvalidInput(f"wild_bootstrap takes a fit of rve, pool, regress, multilevel, not a {type(fit).__name__}")
    model = fit.working_model()
    stacks = clusters_of(model, None if cluster is None else cluster_labels(fit, cluster))
    names = list(model.names)
    moderators = [j for j in range(len(names)) if not (model.x[:, j] == 1).all()] or [0]
    if tested is None:
        asked = {name: np.eye(len(names))[[i]] for i, name in enumerate(names)}
        together = np.eye(len(names))[moderators]
    else:
        labels, together = combinations_of(tested, names, moderators)
        asked = dict(zip(labels, [row[None, :] for row in _each(tested, names)], strict=True))
    if len(asked) > 1 and len(together) > 1:
        asked["together"] = together
    count = sum(len(stack.x) for stack in stacks)
    draws, exact = _draws(count, multiplier, iterations, seed)
    rows = {name: _test(stacks, kind, model.beta, combination, draws) for name, combination in asked.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["statistic", "df", "p_value"])
    return WildBootstrap(table.astype({"df": int}), len(draws), exact, multiplier, count, kind)


def _each(tested: Any, names: list[str]) -> Floats:
    """Each combination as it was asked, (q, p), before those that follow from others are joined."""
    if isinstance(tested, Mapping):
        return np.array([[float(parts.get(name, 0.0)) for name in names] for parts in tested.values()])
    if isinstance(tested, str) or np.ndim(tested) == 1:
        return combinations_of(tested, names, [])[1]
    return np.asarray(tested, dtype=float)


def _draws(clusters: int, multiplier: Multiplier, iterations: int, seed: int) -> tuple[Floats, bool]:
    """(B, J) multipliers: all of them where they are few."""
    values = MULTIPLIERS[multiplier]
    if len(values) ** clusters <= iterations:
        every = np.indices((len(values),) * clusters).reshape(clusters, -1).T
        return values[every], True
    return np.random.default_rng(seed).choice(values, size=(iterations, clusters)), False


def _test(stacks: list[Clusters], kind: Kind, beta: Floats, c: Floats, draws: Floats) -> tuple[float, int, float]:
    """F of one hypothesis c beta = 0, its df, and the share of samples under it with no smaller one.

    A sample differs from b0 by sum_j v_j s_j, and the score of cluster j is v_j a_j - H_j (b - b0), with s and a the
    products of the residuals under the null with the bread and with g, and H_j = g_j'X_j: no sample is ever fitted.
    """
    g, bread = adjusted_weights(stacks, kind)
    shift = bread @ c.T @ np.linalg.solve(c @ bread @ c.T, c @ beta)  # b - b0
    move, own, pull = [], [], []
    for stack, each in zip(stacks, g, strict=True):
        residual = stack.residual + stack.x @ shift
        weighed = np.einsum("nmp,nm->np", stack.x, np.einsum("nij,nj->ni", stack.w, residual))
        move.append(weighed @ bread.T)
        own.append(np.einsum("nmp,nm->np", each, residual))
        pull.append(each.transpose(0, 2, 1) @ stack.x)
    s, a, h = (np.concatenate(parts) for parts in (move, own, pull))
    factor = len(s) / (len(s) - 1) if kind == "CR1" else 1.0
    observed = float(_statistics(s, a, h, c, np.ones((1, len(s))), factor)[0])
    if not np.isfinite(observed):
        raise NotEstimable(f"{len(s)} clusters are too few for a test of {len(c)} coefficients together")
    step = max(1, _AT_ONCE // a.size)
    sampled = [_statistics(s, a, h, c, draws[i : i + step], factor) for i in range(0, len(draws), step)]
    share = float(np.mean(np.concatenate(sampled) >= observed * (1 - _TIE)))
    return observed / len(c), len(c), share


def _statistics(s: Floats, a: Floats, h: Floats, c: Floats, v: Floats, factor: float) -> Floats:
    """(B,) Wald statistics; infinite where the clusters leave no variance."""
    moved = v @ s
    scores = (v[:, :, None] * a - np.einsum("jpq,bq->bjp", h, moved)) @ c.T
    covariance = factor * scores.transpose(0, 2, 1) @ scores
    estimate = moved @ c.T
    regular = np.linalg.matrix_rank(covariance, hermitian=True) == len(c)
    found = np.full(len(v), np.inf)
    found[regular] = np.einsum(
        "bi,bi->b", estimate[regular], np.linalg.solve(covariance[regular], estimate[regular][..., None])[..., 0]
    )
    return found
