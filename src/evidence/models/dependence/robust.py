"""Cluster-robust tests of any fitted model: right standard errors when the assumed dependence is wrong."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...effects.arguments import require_choice
from ...errors import InvalidInput, NotEstimable, SmallSample
from ..studies import Column, studies_of
from ..wald import coefficient_table, tested_coefficients
from .blocks import is_nested, partition
from .result import KIND_WORDS, Robust
from .sandwich import Clusters, Kind, sandwich
from .working_model import HasWorkingModel, WorkingModel

# Below this many degrees of freedom p values of a Satterthwaite test are too small, and its intervals too narrow
# (Tipton 2015, Psychological Methods 20:375).
_FEW_DF = 4
# Expected CR2 variance this share below the model's is not rounding: a direction of some cluster is lost.
_SHORT = 0.01


def robust(fit: HasWorkingModel, cluster: Column | None = None, kind: Kind = "CR2") -> Robust:
    """Test the coefficients of a fit with standard errors that trust no assumption about dependence.

    Parameters
    ----------
    fit : Pooled, Regression, Multilevel, MixedModel or Rve
        Result of `pool`, `regress`, `multilevel` or `rve`.
    cluster : column name, or (k,) array-like
        One label a row of the fit, or a column of the frame it came from. By default the fit's own independent blocks
        (the outermost level of `multilevel`; each row of `pool`).
    kind : {"CR0", "CR1", "CR2"}
        CR2 is the default: with few clusters the others are too small (Tipton 2015).

    Returns
    -------
    Robust
        ``.coefficients``, and ``.wald()`` to test several of them.

    Raises
    ------
    InvalidInput
        What is no fit, not one label a row, or rows the model says depend on each other lie in different clusters.
    NotEstimable
        One cluster, or a coefficient that rests on one cluster alone.

    Warns
    -----
    SmallSample
        A coefficient with fewer than 4 degrees of freedom: its p value comes out too small. Or one that rests in part
        on a single cluster: its standard error comes out too small (clubSandwich does not say so).

    See Also
    --------
    multilevel : A model of the dependence, with these standard errors by default.
    wild_bootstrap : Tests for few clusters.
    sampling_covariance : The covariance of effects from one trial.

    References
    ----------
    Tipton (2015), Psychological Methods 20:375, 10.1037/met0000011.
    Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36:672, 10.1080/07350015.2016.1247004.

    Examples
    --------
    >>> import evidence as ev, pandas as pd
    >>> yi = [0.1, 0.3, 0.2, 0.6, 0.5, 0.9, -0.2, 0.1, 0.4, 0.2, 0.7, 0.3]
    >>> frame = pd.DataFrame({"yi": yi, "vi": 0.04, "trial": list("AABBCCDDEEFF")})
    >>> found = ev.robust(ev.pool(frame), cluster="trial")
    >>> found.coefficients[["estimate", "se", "df"]].round(3).to_numpy().tolist()
    [[0.342, 0.105, 5.0]]
    """
    require_choice("kind", kind, KIND_WORDS)
    if not isinstance(fit, HasWorkingModel):
        raise InvalidInput(f"robust takes a fit of pool, regress or multilevel, not a {type(fit).__name__}")
    result = robust_of(fit.working_model(), None if cluster is None else cluster_labels(fit, cluster), kind)
    warn_unreliable(result, stacklevel=3)
    return result


# A share of the model's variance that is rounding error alone.
_NOTHING = 1e-16


def too_few(df: pd.Series | float) -> Any:
    """Whether p values of a Satterthwaite test with so many degrees of freedom are too small.

    Clusters that are alike have whole numbers of them, from which another processor may be a last digit away.
    """
    return np.round(df, 6) < _FEW_DF


def warn_unreliable(result: Robust, stacklevel: int) -> None:
    """Warn when a coefficient has too few degrees of freedom, or rests on a single cluster."""
    few = too_few(result.coefficients["df"])
    if few.any():
        name, df = result.coefficients.index[few][0], result.coefficients["df"][few].iloc[0]
        warnings.warn(
            f"coefficient {name!r} has {df:.1f} degrees of freedom: below {_FEW_DF} its p value is too small",
            SmallSample,
            stacklevel=stacklevel,
        )
    short = result.expected_share < 1 - _SHORT
    if result.kind == "CR2" and short.any():
        name, share = result.coefficients.index[short][0], result.expected_share[short].iloc[0]
        warnings.warn(
            f"coefficient {name!r} rests in part on a single cluster: its CR2 variance is {100 * share:.0f}% of what "
            "it should be; join its category with another or trust the model (robust=None)",
            SmallSample,
            stacklevel=stacklevel,
        )


def robust_of(model: WorkingModel, labels: NDArray[np.object_] | None, kind: Kind) -> Robust:
    """`robust` for a working model, without the warning."""
    found = sandwich(clusters_of(model, labels), kind)
    unit = np.eye(len(model.names))
    share = np.diagonal(found.expected(unit)) / np.diagonal(found.model)
    if (share < 1e-10).any():
        name = model.names[int(np.argmin(share))]
        raise NotEstimable(f"coefficient {name!r} rests on a single cluster: nothing is left to judge its error by")
    seen = np.diagonal(found.covariance) / np.diagonal(found.model)
    if (seen < _NOTHING).any():
        name = model.names[int(np.argmin(seen))]
        raise NotEstimable(f"the clusters do not differ in what gives {name!r} its error: no robust standard error")
    table = coefficient_table(model.beta, found.covariance, found.satterthwaite(unit), model.level, model.names)
    frame = pd.DataFrame(found.covariance, index=table.index, columns=list(model.names))
    shares = pd.Series(share, index=table.index, name="expected_share")
    return Robust(table, frame, kind, found.clusters, model.level, tested_coefficients(model.x), shares, found)


def clusters_of(model: WorkingModel, labels: NDArray[np.object_] | None) -> list[Clusters]:
    """The clusters of a working model, by (k,) labels or its own independent blocks.

    Raises
    ------
    InvalidInput
        Rows that the model lets depend on each other lie in different clusters.
    NotEstimable
        There is one cluster.
    """
    own = model.weights.codes()
    codes = own if labels is None else _cluster_codes(labels)
    if not is_nested(own, codes):
        raise InvalidInput("the model lets rows of different clusters depend on each other; cluster by its outer level")
    rows = partition(codes)
    if sum(len(stack) for stack in rows) < 2:
        raise NotEstimable("one cluster says nothing about how clusters differ")
    weights, covariance = model.weights.within(rows), model.covariance.within(rows)
    return [
        Clusters(model.x[stack], model.residual[stack], w, phi)
        for stack, w, phi in zip(rows, weights.values, covariance.values, strict=True)
    ]


def cluster_labels(fit: HasWorkingModel, cluster: Column) -> NDArray[np.object_]:
    """(k,) labels of the rows of a fit: a column, or one a row."""
    if not isinstance(cluster, str | pd.Series):
        shape = np.asarray(cluster, dtype=object).shape
        if shape != fit.yi.shape:
            count = shape[0] if len(shape) == 1 else f"shape {shape}, not"
            raise InvalidInput(f"cluster has {count} labels for the {len(fit.yi)} rows of the fit")
    return studies_of(fit).values(cluster, "cluster")


def _cluster_codes(labels: NDArray[np.object_]) -> NDArray[np.int64]:
    missing = pd.isna(labels)
    if missing.any():
        raise InvalidInput(f"cluster is missing for row {int(missing.argmax())}")
    try:
        return np.asarray(pd.factorize(labels)[0], dtype=np.int64)
    except TypeError as error:
        raise InvalidInput(f"cluster holds what is no label: {error}") from None
