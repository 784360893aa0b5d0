"""ev.bayes_crossed against brute force, simulation, ev.bayes_compare at its limits, invariances and its user's side."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev
from evidence.models.bayes import four_spreads

FRAME = pd.DataFrame(
    {
        "site": list("aaabbb"),
        "dose": ["low", "low", "high", "low", "low", "low"],
        "yi": [0.9, 0.5, 1.4, 0.3, 0.1, 0.55],
        "vi": [0.09, 0.16, 0.12, 0.1, 0.25, 0.14],
    }
)
SCALES = {"tau": 0.4, "row": 0.35, "column": 0.45, "cell": 0.3}
PRIORS = {f"{name}_prior": ev.HalfNormal(scale) for name, scale in SCALES.items()}


class BruteForce:
    """All studies as one multivariate normal, cells by universal kriging, Gauss-Legendre over the four sds."""

    def __init__(self, frame: pd.DataFrame, points: int = 22) -> None:
        node, weight = np.polynomial.legendre.leggauss(points)
        lines = [5.5 * scale * (1 + node) / 2 for scale in SCALES.values()]
        tau, row, column, cell = (a.ravel() for a in np.meshgrid(*lines, indexing="ij"))
        mass = np.prod(np.meshgrid(*[weight] * 4, indexing="ij"), axis=0).ravel()
        for sd, scale in zip((tau, row, column, cell), SCALES.values(), strict=True):
            mass = mass * stats.halfnorm(scale=scale).pdf(sd)
        y, n = frame["yi"].to_numpy(), len(frame)
        sites, doses = sorted(set(frame["site"])), sorted(set(frame["dose"]))
        self.cells = [(a, b) for a in sites for b in doses]
        at = np.array([self.cells.index(pair) for pair in zip(frame["site"], frame["dose"], strict=True)])
        same = [np.eye(len(self.cells))] + [
            np.array([[float(p[i] == q[i]) for q in self.cells] for p in self.cells]) for i in (0, 1)
        ]
        logs, means, variances = [], [], []
        for part in np.array_split(np.arange(len(mass)), 20):
            prior = sum(
                sd[part, None, None] ** 2 * pattern for sd, pattern in zip((cell, row, column), same, strict=True)
            )
            cov = prior[:, at][:, :, at] + (tau[part, None, None] ** 2 + np.diag(frame["vi"])) * np.eye(n)
            inverse, log_det = np.linalg.inv(cov), np.linalg.slogdet(cov)[1]
            information = inverse.sum(axis=(1, 2))
            mu = (inverse @ y).sum(axis=1) / information
            rest = y - mu[:, None]
            logs.append(-0.5 * (log_det + np.log(information) + np.einsum("ji,jik,jk->j", rest, inverse, rest)))
            gain = prior[:, :, at] @ inverse
            means.append(mu[:, None] + (gain @ rest[..., None])[..., 0])
            lack = 1 - gain.sum(axis=2)
            own = prior.diagonal(axis1=1, axis2=2) - np.einsum("jcn,jcn->jc", gain, prior[:, :, at])
            variances.append(own + lack**2 / information[:, None])
        log_likelihood = np.concatenate(logs)
        mass = mass * np.exp(log_likelihood - log_likelihood.max())
        self.weights, self.mean, self.variance = mass / mass.sum(), np.concatenate(means), np.concatenate(variances)
        self.sd = {"tau": tau, "rows": row, "columns": column, "cells": cell}

    def cdf(self, cell: int, x: float) -> float:
        return float(self.weights @ stats.norm.cdf(x, self.mean[:, cell], np.sqrt(self.variance[:, cell])))

    def moments(self, cell: int) -> tuple[float, float]:
        mean = float(self.weights @ self.mean[:, cell])
        variance = self.weights @ (self.variance[:, cell] + (self.mean[:, cell] - mean) ** 2)
        return mean, math.sqrt(variance)


def test_agrees_with_brute_force() -> None:
    post = ev.bayes_crossed(FRAME, rows="site", columns="dose", worthwhile=0.5, **PRIORS)
    brute = BruteForce(FRAME)
    assert list(post.cells.index) == brute.cells and post.cells["k"].tolist() == [1, 2, 0, 3]
    for at, (_, cell) in enumerate(post.cells.iterrows()):
        assert (cell["mean"], cell["sd"]) == pytest.approx(brute.moments(at), abs=1e-6)
        ends = [brute.cdf(at, cell[name]) for name in ("ci_low", "median", "ci_high")]
        assert ends == pytest.approx([0.025, 0.5, 0.975], abs=1e-6)
        assert cell["p_positive"] == pytest.approx(1 - brute.cdf(at, 0.0), abs=1e-6)
        assert cell["p_worthwhile"] == pytest.approx(1 - brute.cdf(at, 0.5), abs=1e-6)
    for name, sd in brute.sd.items():
        mean = brute.weights @ sd
        assert post.spreads.loc[name, "mean"] == pytest.approx(mean, abs=1e-6)
        assert post.spreads.loc[name, "sd"] == pytest.approx(math.sqrt(brute.weights @ (sd - mean) ** 2), abs=1e-6)
        inside = brute.weights @ (sd < post.spreads.loc[name, "ci_high"])
        assert inside == pytest.approx(0.975, abs=0.02), "a sum over nodes is a coarse distribution function"


def uneven(seed: int, k: int = 30) -> pd.DataFrame:
    """Studies of any size in 4 x 3 cells, some of them empty."""
    random = np.random.default_rng(seed)
    cell = random.choice(12, size=k, p=random.dirichlet(np.full(12, 0.5)))
    row, column = np.divmod(cell, 3)
    vi = np.exp(random.uniform(-5, -0.5, k))
    true = 0.4 + random.normal(0, 0.2, 4)[row] + random.normal(0, 0.3, 3)[column] + random.normal(0, 0.1, 12)[cell]
    yi = true + random.normal(0, np.sqrt(vi + 0.09))
    return pd.DataFrame({"row": row, "column": column, "yi": yi, "vi": vi})


def test_a_denser_grid_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = uneven(1)
    usual = ev.bayes_crossed(frame, rows="row", columns="column", worthwhile=0.5)
    fit = usual.cells, usual.rows, usual.columns, usual.spreads
    for name, value in {"_COUNTS": (24,), "_REACH": 28.0, "_STRETCH": 2.5}.items():
        monkeypatch.setattr(f"evidence.models.bayes.four_spreads.{name}", value)
    monkeypatch.setattr("evidence.models.bayes.given_four._NEGLIGIBLE", 1e-10)
    dense = ev.bayes_crossed(frame, rows="row", columns="column", worthwhile=0.5)
    for table, denser in zip(fit, (dense.cells, dense.rows, dense.columns, dense.spreads), strict=True):
        np.testing.assert_allclose(table.to_numpy(float), denser.to_numpy(float), atol=1e-6, rtol=0)


@pytest.mark.parametrize("seed", range(4))
def test_each_line_is_fine_enough_or_at_its_end(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where another line has come to its end before."""
    counts = (6, 8, 10, 12, 16)
    monkeypatch.setattr(four_spreads, "_COUNTS", counts)
    frame = uneven(seed)
    with pytest.warns(ev.NotConverged):
        grid = ev.bayes_crossed(frame.assign(vi=frame["vi"] * 1e-4), rows="row", columns="column")._grid
    for axis, line in enumerate(grid.x):
        along = grid.weights.sum(axis=tuple(at for at in range(4) if at != axis))
        assert abs(2 * along[::2].sum() - 1) <= four_spreads._AGREEMENT or len(line) - 1 == counts[-1]


def test_one_column_without_interaction_is_bayes_compare() -> None:
    frame = uneven(3, k=24)
    post = ev.bayes_crossed(frame.assign(column="all"), rows="row", columns="column", cell_prior=ev.HalfNormal(1e-5))
    groups = ev.bayes_compare(frame, by="row").groups
    names = ["k", "unpooled", "mean", "sd", "median", "ci_low", "ci_high", "p_positive"]
    found = post.cells.droplevel("column")[names].astype(float)
    np.testing.assert_allclose(found, groups[names].astype(float), atol=2e-6)


def test_without_differences_it_is_one_pool() -> None:
    tiny = ev.HalfNormal(1e-6)
    post = ev.bayes_crossed(FRAME, rows="site", columns="dose", row_prior=tiny, column_prior=tiny, cell_prior=tiny)
    one = ev.bayes(FRAME).mu
    names = ["mean", "sd", "median", "ci_low", "ci_high"]
    for _, cell in post.cells.iterrows():
        assert cell[names].tolist() == pytest.approx(one[names].tolist(), abs=1e-6)


def test_without_a_common_part_cells_keep_their_own() -> None:
    wide = ev.HalfNormal(200.0)
    tau = ev.HalfNormal(1e-6)
    frame = FRAME[FRAME["site"] == "a"]
    post = ev.bayes_crossed(frame, rows="site", columns="dose", column_prior=wide, cell_prior=wide, tau_prior=tau)
    own = np.average([0.9, 0.5], weights=[1 / 0.09, 1 / 0.16])
    low = post.cells.loc[("a", "low")]
    assert low["unpooled"] == pytest.approx(own, abs=1e-6)
    assert low["mean"] == pytest.approx(own, abs=1e-2) and low["shrinkage"] < 0.05


def test_simulation_from_the_model_is_covered() -> None:
    """Parameters drawn from their priors have a uniform place in their posteriors, in cells seen or not."""
    random = np.random.default_rng(7)
    places = []
    for _ in range(50):
        tau, rows, columns, cells = np.abs(random.normal(0, 0.5, 4))
        truth = random.normal(0, rows, (3, 1)) + random.normal(0, columns, 2) + random.normal(0, cells, (3, 2))
        row, column = np.divmod(np.array([0, 1, 2, 3, 4, 0, 1, 4]), 2)
        vi = random.uniform(0.02, 0.2, len(row))
        post = ev.bayes_crossed(
            truth[row, column] + random.normal(0, np.sqrt(vi + tau**2)), vi=vi, rows=row, columns=column
        )
        places.append([post.probability(r, c, upper=truth[r, c]) for r, c in ((0, 0), (2, 1))])
    seen, unseen = np.array(places).T
    assert stats.kstest(seen, "uniform").pvalue > 0.01 and stats.kstest(unseen, "uniform").pvalue > 0.01


def test_order_and_labels_and_units_do_not_matter() -> None:
    post = ev.bayes_crossed(FRAME, rows="site", columns="dose", worthwhile=0.5)
    shuffled = ev.bayes_crossed(FRAME.sample(frac=1, random_state=1), rows="site", columns="dose", worthwhile=0.5)
    pd.testing.assert_frame_equal(post.cells, shuffled.cells)
    turned = ev.bayes_crossed(FRAME, rows="dose", columns="site", worthwhile=0.5)
    both = turned.cells.swaplevel().reindex(post.cells.index)
    np.testing.assert_allclose(both.to_numpy(float), post.cells.to_numpy(float), atol=1e-6)
    scaled = FRAME.assign(yi=10 * FRAME["yi"] + 3, vi=100 * FRAME["vi"])
    priors = {f"{name}_prior": ev.HalfNormal(5.0) for name in SCALES}
    moved = ev.bayes_crossed(scaled, rows="site", columns="dose", **priors).cells
    np.testing.assert_allclose(moved["ci_high"], 10 * post.cells["ci_high"] + 3, atol=1e-5)


def test_cells_without_studies_are_borrowed_and_can_be_asked_for() -> None:
    post = ev.bayes_crossed(FRAME, rows="site", columns="dose", worthwhile=0.5)
    cell = post.predict("b", "high")
    assert cell["borrowed"] and cell["k"] == 0 and cell["shrinkage"] == 1 and np.isnan(cell["unpooled"])
    assert cell["sd"] > post.predict("b", "low")["sd"] and not post.predict("b", "low")["borrowed"]
    assert post.cells.loc[("b", "high"), "mean"] == cell["mean"]
    new = post.predict(None, "high")
    assert new["borrowed"] and new["sd"] > cell["sd"]
    assert new["mean"] == pytest.approx(post.columns.loc["high", "mean"], abs=1e-9)
    assert post.probability("b", "high", lower=0.5) == pytest.approx(cell["p_worthwhile"], abs=1e-12)
    assert post.probability("b", "high") == pytest.approx(1)
    quantiles = post.quantile("b", "high", [[0.025], [0.5], [0.975]])
    assert quantiles.ravel() == pytest.approx(cell[["ci_low", "median", "ci_high"]].tolist(), abs=1e-12)


def test_what_it_says() -> None:
    post = ev.bayes_crossed(FRAME, rows="site", columns="dose")
    assert "6 studies stand in 3 of 4 cells" in post.sentence()
    assert "b, high" in repr(post) and "borrowed" in repr(post) and "tau HalfNormal(scale=0.5)" in repr(post)
    frame = post.to_frame()
    assert frame.columns[:3].tolist() == ["site", "dose", "k"] and len(frame) == 4
    assert frame["p_worthwhile"].isna().all()


def test_rows_without_a_cell_are_left_out() -> None:
    more = pd.concat([FRAME, FRAME.head(1).assign(site=None), FRAME.head(1).assign(yi=np.nan)], ignore_index=True)
    post = ev.bayes_crossed(more, rows="site", columns="dose")
    assert post.dropped == 2
    pd.testing.assert_frame_equal(post.cells, ev.bayes_crossed(FRAME, rows="site", columns="dose").cells)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rows": "nowhere"}, "nowhere"),
        ({"columns": None}, "columns is missing"),
        ({"rows": ["x"] * 6, "columns": ["y"] * 6}, "one cell"),
        ({"rows": [None] * 6}, "row and a column"),
        ({"rows": [0, "a", 1, 0, "a", 1]}, None),
        ({"tau_prior": ev.HalfCauchy(0.5)}, "HalfNormal"),
        ({"cell_prior": 0.5}, "cells"),
        ({"worthwhile": "much"}, "worthwhile"),
        ({"level": 95}, "level"),
    ],
)
def test_wrong_arguments_are_named(change: dict[str, object], says: str | None) -> None:
    asked = {"rows": "site", "columns": "dose"} | change
    if says is None:
        assert ev.bayes_crossed(FRAME, **asked).cells["k"].sum() == 6
        return
    with pytest.raises(ev.InvalidInput, match=says):
        ev.bayes_crossed(FRAME, **asked)


def test_a_study_without_variance_and_an_unknown_cell_are_refused() -> None:
    with pytest.raises(ev.InvalidInput, match="vi = 0"):
        ev.bayes_crossed(FRAME.assign(vi=[0.1] * 5 + [0.0]), rows="site", columns="dose")
    with pytest.raises(ev.InvalidInput, match="'c' is not among"):
        ev.bayes_crossed(FRAME, rows="site", columns="dose").predict("c", "low")
