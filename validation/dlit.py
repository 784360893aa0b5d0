"""Fits of iterated DerSimonian-Laird (DLIT) by brute force, added to tests/oracle/pool_random.json.

python validation/dlit.py   (from the repository root, after pool_random.R)

metafor 3.8 repeats tau2 = (y'Py - (k - p)) / tr P with the last tau2 in P. The expectation of y'Py there is
tr PV + tau2 tr P, so that tr PV has to be subtracted, as later versions of metafor do; k - p is it for tau2 = 0 only.
Here the repetition is done as written, with dense matrices, until nothing moves; none of the package's code runs.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

ORACLE = Path("tests/oracle/pool_random.json")


def projection(vi: np.ndarray, x: np.ndarray) -> np.ndarray:
    w = np.diag(1 / vi)
    return w - w @ x @ np.linalg.inv(x.T @ w @ x) @ x.T @ w


def iterate(y: np.ndarray, vi: np.ndarray, x: np.ndarray) -> float:
    tau2 = 0.0
    for _ in range(100_000):
        p = projection(vi + tau2, x)
        new = max(0.0, (y @ p @ y - np.trace(p @ np.diag(vi))) / np.trace(p))
        if abs(new - tau2) <= 1e-15:
            return new
        tau2 = new
    raise RuntimeError("the repetition does not settle")


def fit(y: np.ndarray, vi: np.ndarray, x: np.ndarray, moderators: bool) -> dict:
    (k, p), tau2 = x.shape, iterate(y, vi, x)
    w = 1 / (vi + tau2)
    cov = np.linalg.inv(x.T @ np.diag(w) @ x)
    beta = cov @ x.T @ (w * y)
    rss = float(np.sum(w * (y - x @ beta) ** 2))
    q = float(y @ projection(vi, x) @ y)
    ratio = tau2 * np.trace(projection(vi, x)) / (k - p)
    likelihood = -0.5 * (k * np.log(2 * np.pi) - np.sum(np.log(w)) + rss)
    alone = iterate(y, vi, np.ones((k, 1)))
    tests = {
        "z": test(beta, cov, np.inf),
        "t": test(beta, cov, k - p),
        "hksj": test(beta, cov * rss / (k - p), k - p),
        "hksj-adhoc": test(beta, cov * max(rss / (k - p), 1), k - p),
    }
    return {
        "method": "DLIT",
        "moderators": moderators,
        "weighted": True,
        "tau2": tau2,
        "tau2_se": float(np.sqrt(2 * k**2 / (k - p)) / np.sum(w)),
        "i2": 100 * ratio / (1 + ratio),
        "h2": 1 + ratio,
        "q": q,
        "q_p": float(stats.chi2.sf(q, k - p)),
        "r2": max(0.0, 100 * (alone - tau2) / alone) if moderators and alone else None,
        "log_likelihood": float(likelihood),
        "aic": float(-2 * likelihood + 2 * (p + 1)),
        "bic": float(-2 * likelihood + np.log(k) * (p + 1)),
        "aicc": float(-2 * likelihood + 2 * (p + 1) * max(k, p + 3) / (max(k, p + 3) - p - 2)),
        "tests": tests,
    }


def test(beta: np.ndarray, cov: np.ndarray, df: float) -> dict:
    law = stats.norm() if np.isinf(df) else stats.t(df)
    se = np.sqrt(np.diag(cov))
    values = {
        "estimate": beta,
        "se": se,
        "statistic": beta / se,
        "p_value": 2 * law.sf(np.abs(beta / se)),
        "ci_low": beta - law.ppf(0.975) * se,
        "ci_high": beta + law.ppf(0.975) * se,
    }
    asked = slice(1, None) if len(beta) > 1 else slice(None)
    qm = float(beta[asked] @ np.linalg.inv(cov[asked, asked]) @ beta[asked])
    m = len(beta[asked])
    p = float(stats.chi2.sf(qm, m) if np.isinf(df) else stats.f.sf(qm / m, m, df))
    found = {name: array.tolist() if len(beta) > 1 else float(array[0]) for name, array in values.items()}
    return found | {"qm": qm if np.isinf(df) else qm / m, "qm_p": p}


if __name__ == "__main__":
    cases = json.loads(ORACLE.read_text())
    for case in cases:
        y, vi, x1, x2 = (np.array(case["data"][name]) for name in ("yi", "vi", "x1", "x2"))
        one = np.ones(len(y))
        case["fits"] = [known for known in case["fits"] if known["method"] != "DLIT"] + [
            fit(y, vi, one[:, None], moderators=False),
            fit(y, vi, np.column_stack([one, x1, x2]), moderators=True),
        ]
    ORACLE.write_text(json.dumps(cases, separators=(",", ":")))
