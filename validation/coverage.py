"""How often the intervals that we print are right, and how often the tests cry wolf, in simulated meta-analyses.

Run by hand from the project's folder: ``python -P validation/coverage.py`` (-P: numba imports a package of this file's
name; about ten minutes). It writes the tables of the page "How often the intervals are right" into ``docs/coverage``.
Sizes of trials are drawn from the data here (standardised differences of pain), the true mean is 0.35 SD, true effects
differ between trials by a variance tau2.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm, t

import evidence as ev

TRIALS = (2, 3, 5, 10, 20)
TAU2 = (0.0, 0.02, 0.05, 0.1, 0.2)
MEAN = 0.35
PRIOR = ev.HalfNormal(0.5)
#: What bayesmeta takes when no prior is named.
FLAT = "Bayes, flat in tau"
TABLES = Path(__file__).parents[1] / "docs" / "coverage"

Bounds = np.ndarray  # (meta-analyses, 2)


def trial_sizes() -> np.ndarray:
    """People in the trials here that give a number for pain."""
    effects = ev.load().effects("SMD").query("outcome == 'pain'")
    sizes = (effects["n_acupuncture"] + effects["n_comparator"]).dropna().to_numpy()
    return np.round(sizes[sizes >= 10])


def simulated(k: int, tau2: float, times: int, sizes: np.ndarray, mean: float = MEAN, seed: int = 1) -> pd.DataFrame:
    """``times`` meta-analyses of k trials: ``group, n, yi, vi``."""
    random = np.random.default_rng([seed, k, int(1000 * tau2)])
    n = random.choice(sizes, size=times * k)
    true = mean + np.sqrt(tau2) * random.standard_normal(times * k)
    freedom = n - 2
    # a standardised difference is noncentral t over sqrt(n / 4); J corrects it
    distance = (true * np.sqrt(n) / 2 + random.standard_normal(times * k)) / np.sqrt(
        random.chisquare(freedom) / freedom
    )
    yi = distance * 2 / np.sqrt(n) * (1 - 3 / (4 * freedom - 1))
    return pd.DataFrame({"group": np.repeat(np.arange(times), k), "n": n, "yi": yi, "vi": 4 / n + yi**2 / (2 * n)})


def of_the_mean(frame: pd.DataFrame) -> Iterator[tuple[str, Bounds]]:
    """Intervals of the mean effect by each way."""
    ways = {"z": "z", "Hartung-Knapp": "hksj", "Hartung-Knapp, never narrower than z": "hksj-adhoc"}
    for name, test in ways.items():
        pooled = ev.pool_many(frame["group"], frame["yi"], frame["vi"], "REML", test)
        yield name, pooled[["ci_low", "ci_high"]].to_numpy()
    yield "Bayes, half-normal (0.5)", bayes(frame)[["mu_ci_low", "mu_ci_high"]].to_numpy()
    if frame["group"].value_counts().min() > 2:
        yield FLAT, bayes(frame, ev.Uniform())[["mu_ci_low", "mu_ci_high"]].to_numpy()


def of_a_new_trial(frame: pd.DataFrame) -> Iterator[tuple[str, Bounds]]:
    """Intervals of the true effect of a new trial by each way."""
    for name, test, lost in (("t, k − 1", "hksj-adhoc", 1), ("t, k − 2 (Riley)", "z", 2)):
        pooled = ev.pool_many(frame["group"], frame["yi"], frame["vi"], "REML", test)
        if (pooled["k"] > lost).all():
            half = t.ppf(0.975, pooled["k"] - lost) * np.sqrt(pooled["se"] ** 2 + pooled["tau2"])
            yield name, np.column_stack([pooled["estimate"] - half, pooled["estimate"] + half])
    normal = ev.pool_many(frame["group"], frame["yi"], frame["vi"], "REML", "z")
    half = norm.ppf(0.975) * np.sqrt(normal["se"] ** 2 + normal["tau2"])
    yield "z", np.column_stack([normal["estimate"] - half, normal["estimate"] + half])
    if frame["group"].value_counts().min() > 2:
        for name, prior in (("Bayes, half-normal (0.5)", PRIOR), (FLAT, ev.Uniform())):
            yield name, bayes(frame, prior)[["predictive_ci_low", "predictive_ci_high"]].to_numpy()


def of_the_spread(frame: pd.DataFrame) -> Iterator[tuple[str, Bounds]]:
    """Intervals of tau by each way."""
    fits = [ev.pool(each["yi"].to_numpy(), each["vi"].to_numpy()) for _, each in frame.groupby("group")]
    yield "Q-profile", np.sqrt([(ci.tau2.low, ci.tau2.high) for ci in (fit.tau2_ci() for fit in fits)])
    yield "Bayes, half-normal (0.5)", bayes(frame)[["tau_ci_low", "tau_ci_high"]].to_numpy()


def bayes(frame: pd.DataFrame, prior: Any = PRIOR) -> pd.DataFrame:
    return ev.bayes(frame, by="group", tau_prior=prior)


def judged(bounds: Bounds, tau: float, new: bool, truth: float = MEAN) -> dict[str, float]:
    """Coverage in percent, median width, and the mean interval score (Gneiting & Raftery 2007), lower is better.

    Of a new trial coverage and score are expectations over its true effect, normal around the mean with SD tau.
    """
    low, high = bounds.T
    if new and tau > 0:
        below, above = (low - MEAN) / tau, (high - MEAN) / tau
        inside = norm.cdf(above) - norm.cdf(below)
        outside = tau * (norm.pdf(below) + below * norm.cdf(below) + norm.pdf(above) - above * norm.sf(above))
    else:
        inside = (low <= truth) & (truth <= high)
        outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    score = np.nanmean(high - low + 2 / 0.05 * outside)
    return {"coverage": 100 * inside.mean(), "width": float(np.nanmedian(high - low)), "score": float(score)}


def intervals(
    ways: Callable[[pd.DataFrame], Iterator[tuple[str, Bounds]]], times: int, sizes: np.ndarray
) -> pd.DataFrame:
    """One row a number of trials and way: coverage at each tau2, width and score at 0.05."""
    rows = []
    for k, tau2 in product(TRIALS, TAU2):
        truth = np.sqrt(tau2) if ways is of_the_spread else MEAN
        for name, bounds in ways(simulated(k, tau2, times, sizes)):
            found = judged(bounds, np.sqrt(tau2), ways is of_a_new_trial, truth)
            rows.append({"trials": k, "way": name, "tau2": tau2, **found})
    found = pd.DataFrame(rows)
    kept = ["trials", "way"]
    wide = found.pivot_table(index=kept, columns="tau2", values="coverage", sort=False).round(0).astype(int)
    at = found.query("tau2 == 0.05").set_index(kept)[["width", "score"]].round(2)
    return wide.rename(columns={tau2: f"tau² {tau2:g}" for tau2 in TAU2}).join(at).reset_index()


def sizes_of_tests(times: int, sizes: np.ndarray) -> pd.DataFrame:
    """Percent of meta-analyses without any effect, moderator or bias in which p falls below 0.05."""
    rows = []
    for k, tau2 in product((5, 10, 20), TAU2):
        frame = simulated(k, tau2, times, sizes, mean=0.0)
        groups = [each.reset_index(drop=True) for _, each in frame.groupby("group")]
        found = {
            "mean effect: z": pooled_p(frame, "z"),
            "mean effect: Hartung-Knapp, never narrower than z": pooled_p(frame, "hksj-adhoc"),
            "spread: Cochran's Q (power where tau² > 0)": ev.pool_many(frame["group"], frame["yi"], frame["vi"])["q_p"],
            "a moderator: t (Knapp-Hartung)": [moderator_p(each) for each in groups],
        }
        if k >= 10:
            found |= {
                "small studies: Egger's, classical": [ev.egger(each).p_value for each in groups],
                "small studies: Egger's, mixed effects, 1/√n": [
                    ev.egger(each, model="rma", predictor="sqrtninv", ni="n").p_value for each in groups
                ],
                "small studies: Begg's": [ev.begg(each).p_value for each in groups],
            }
        rows += [{"trials": k, "test": name, "tau2": tau2, "size": below(p)} for name, p in found.items()]
    table = pd.DataFrame(rows).pivot_table(index=["test", "trials"], columns="tau2", values="size", sort=False)
    return table.round(1).rename(columns={tau2: f"tau² {tau2:g}" for tau2 in TAU2}).reset_index()


def below(p: object) -> float:
    return float(100 * np.mean(np.asarray(p, float) < 0.05))


def pooled_p(frame: pd.DataFrame, test: str) -> pd.Series:
    return ev.pool_many(frame["group"], frame["yi"], frame["vi"], "REML", test)["p_value"]


def moderator_p(trials: pd.DataFrame) -> float:
    fit = ev.regress(trials.assign(x=np.arange(len(trials)) % 2), formula="~ x")
    return float(fit.coefficients.loc["x", "p_value"])


def calibration(times: int, sizes: np.ndarray) -> pd.DataFrame:
    """Coverage of the posteriors where spreads are drawn from their priors and errors are known (exact: nominal).

    A flat prior of the mean makes coverage the same at every mean, so that one is enough (location invariance).
    """
    random = np.random.default_rng(7)
    inside: dict[str, list[list[bool]]] = {}

    def note(name: str, truth: float, posterior: Callable[[float], tuple[float, float]]) -> None:
        inside.setdefault(name, []).append([low <= truth <= high for low, high in map(posterior, (0.5, 0.8, 0.95))])

    def spread() -> float:
        return abs(0.5 * random.standard_normal())

    def ends(row: pd.Series) -> tuple[float, float]:
        return float(row["ci_low"]), float(row["ci_high"])

    for _ in range(times):
        k, tau = int(random.integers(2, 9)), spread()
        vi = 4 / random.choice(sizes, k)
        theta = MEAN + tau * random.standard_normal(k)
        yi, new = theta + np.sqrt(vi) * random.standard_normal(k), MEAN + tau * random.standard_normal()
        posts = {level: ev.bayes(yi, vi, tau_prior=PRIOR, level=level) for level in (0.5, 0.8, 0.95)}
        note("bayes: mean", MEAN, lambda level, p=posts: ends(p[level].mu))
        note("bayes: spread", tau, lambda level, p=posts: ends(p[level].tau))
        note("bayes: a new trial", new, lambda level, p=posts: ends(p[level].predictive))
        note("bayes: a trial's own effect", theta[0], lambda level, p=posts: ends(p[level].theta.iloc[0]))
    for _ in range(times // 5):
        row, column = random.integers(0, 4, 24), random.integers(0, 3, 24)
        tau, between_rows, between_columns, beyond = spread(), spread(), spread(), spread()
        cell = (
            MEAN
            + between_rows * random.standard_normal((4, 1))
            + between_columns * random.standard_normal((1, 3))
            + beyond * random.standard_normal((4, 3))
        )
        vi = 4 / random.choice(sizes, 24)
        yi = cell[row, column] + np.sqrt(tau**2 + vi) * random.standard_normal(24)
        at = int(row[0]), int(column[0])
        fits = {level: ev.bayes_crossed(yi, row, column, vi=vi, level=level) for level in (0.5, 0.8, 0.95)}
        note("bayes_crossed: a cell", float(cell[at]), lambda level, f=fits, at=at: ends(f[level].predict(*at)))
        group = row
        mean = MEAN + between_rows * random.standard_normal(4)
        yi = mean[group] + np.sqrt(tau**2 + vi) * random.standard_normal(24)
        compared = {level: ev.bayes_compare(yi, group, vi=vi, level=level) for level in (0.5, 0.8, 0.95)}
        note(
            "bayes_compare: a group",
            float(mean[at[0]]),
            lambda level, c=compared, at=at: ends(c[level].groups.loc[at[0]]),
        )
    rows = [
        {
            "posterior": name,
            "simulations": len(hits),
            **dict(zip(("50%", "80%", "95%"), 100 * np.mean(hits, 0), strict=True)),
        }
        for name, hits in inside.items()
    ]
    return pd.DataFrame(rows).round(1)


def main(times: int = 2000) -> None:
    warnings.simplefilter("ignore", ev.SmallSample)
    sizes = trial_sizes()
    tables: dict[str, Callable[[], pd.DataFrame]] = {
        "mean": lambda: intervals(of_the_mean, times, sizes),
        "new_trial": lambda: intervals(of_a_new_trial, times, sizes),
        "spread": lambda: intervals(of_the_spread, times // 4, sizes),
        "tests": lambda: sizes_of_tests(times // 2, sizes),
        "calibration": lambda: calibration(times, sizes),
    }
    TABLES.mkdir(exist_ok=True)
    for name, make in tables.items():
        print(name, file=sys.stderr)
        table = make()
        table.to_csv(TABLES / f"{name}.csv", index=False)
        print(f"\n{name}\n{table.to_string(index=False)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
