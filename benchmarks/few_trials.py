"""Which interval is honest with few trials: coverage and width of each way to summarise k = 2 to 10 trials.

Run by hand from the project's folder: ``python benchmarks/few_trials.py``. The table on the method page is its output.
The sizes of trials are drawn from the data (standardised differences of pain), the true mean is 0.35 SD, true effects
differ between trials by tau. Coverage of 95% is right; the width says what it costs.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd

import evidence as ev

TRIALS = (2, 3, 4, 5, 6, 10)
TAUS = (0.0, 0.1, 0.2, 0.3, 0.5)
MEAN = 0.35


def simulated(k: int, tau: float, times: int, sizes: np.ndarray, seed: int) -> pd.DataFrame:
    """``times`` meta-analyses of k trials: ``group, yi, vi``."""
    random = np.random.default_rng([seed, k, int(1000 * tau)])
    n = random.choice(sizes, size=times * k)
    true = MEAN + tau * random.standard_normal(times * k)
    freedom = n - 2
    # a standardised difference d is noncentral t over sqrt(n / 4); J corrects it
    t = (true * np.sqrt(n) / 2 + random.standard_normal(times * k)) / np.sqrt(random.chisquare(freedom) / freedom)
    yi = t * 2 / np.sqrt(n) * (1 - 3 / (4 * freedom - 1))
    vi = 4 / n + yi**2 / (2 * n)
    return pd.DataFrame({"group": np.repeat(np.arange(times), k), "yi": yi, "vi": vi})


def intervals(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Limits of the mean by each way, (groups, 2)."""
    found = {}
    for name, test in (
        ("REML, z", "z"),
        ("REML, Hartung-Knapp", "hksj"),
        ("the same, never narrower than z", "hksj-adhoc"),
    ):
        table = ev.pool_many(frame["group"], frame["yi"], frame["vi"], "REML", test)
        found[name] = table[["ci_low", "ci_high"]].to_numpy()
    for scale in (0.25, 0.5, 1.0):
        table = ev.bayes(frame, by="group", tau_prior=ev.HalfNormal(scale))
        found[f"Bayes, tau ~ half-normal({scale:g})"] = table[["mu_ci_low", "mu_ci_high"]].to_numpy()
    return found


def study(times: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Coverage (percent) and median width of each way: a row a way, k and tau."""
    effects = ev.load().effects("SMD").query("outcome == 'pain'")
    sizes = (effects["n_acupuncture"] + effects["n_comparator"]).dropna().to_numpy()
    sizes = np.round(sizes[sizes >= 10])
    rows = []
    for k in TRIALS:
        for tau in TAUS:
            for way, limits in intervals(simulated(k, tau, times, sizes, seed)).items():
                inside = (limits[:, 0] <= MEAN) & (limits[:, 1] >= MEAN)
                width = np.median(limits[:, 1] - limits[:, 0])
                rows.append({"k": k, "tau": tau, "way": way, "coverage": 100 * inside.mean(), "width": width})
            print(f"k = {k}, tau = {tau}", file=sys.stderr)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    warnings.simplefilter("ignore", ev.SmallSample)
    found = study()
    for measure in ("coverage", "width"):
        wide = found.pivot_table(index=["way", "k"], columns="tau", values=measure)
        print(f"\n{measure}\n{wide.round(1 if measure == 'coverage' else 2).to_string()}")
