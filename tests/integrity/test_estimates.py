"""p values, intervals, percentages and people against each other."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev


def checked(test, statistic, p, relation="=", df=np.nan, df2=np.nan, **options):
    return ev.p_recomputed(test=test, statistic=statistic, p=p, relation=relation, df=df, df2=df2, **options).iloc[0]


@pytest.mark.parametrize(
    ("test", "statistic", "df", "df2", "p", "computed"),
    [  # statcheck, test-compute-pvalues.R
        ("t", "2.20", 28, np.nan, "0.03", 2 * stats.t.sf(2.2, 28)),
        ("f", "2.20", 2, 28, "0.15", stats.f.sf(2.2, 2, 28)),
        ("r", "0.22", 28, np.nan, "0.26", 2 * stats.t.sf(0.22 * np.sqrt(28 / (1 - 0.22**2)), 28)),
        ("z", "2.20", np.nan, np.nan, "0.04", 2 * stats.norm.sf(2.2)),
        ("chi2", "22.20", 28, np.nan, "0.79", stats.chi2.sf(22.2, 28)),
    ],
)
def test_p_values_of_statcheck(test, statistic, df, df2, p, computed):
    assert checked(test, statistic, p, df=df, df2=df2)["number"] == pytest.approx(computed, rel=1e-9)


@pytest.mark.parametrize(
    ("test", "statistic", "df", "df2", "p"),
    [  # statcheck, test-decisionerror.R: each a decision error
        ("t", "2.20", 28, np.nan, "0.06"),
        ("t", "1.20", 28, np.nan, "0.03"),
        ("f", "22.20", 2, 28, "0.06"),
        ("f", "2.20", 2, 28, "0.03"),
        ("r", "0.22", 28, np.nan, "0.03"),
        ("r", "0.52", 28, np.nan, "0.06"),
        ("chi2", "2.20", 28, np.nan, "0.03"),
        ("chi2", "52.20", 28, np.nan, "0.06"),
        ("z", "1.20", np.nan, np.nan, "0.03"),
        ("z", "2.20", np.nan, np.nan, "0.06"),
    ],
)
def test_decision_errors_of_statcheck(test, statistic, df, df2, p):
    found = checked(test, statistic, p, df=df, df2=df2)
    assert not found["passes"] and found["severity"] == "decision"
    assert checked(test, f"-{statistic}" if test in "trz" else statistic, p, df=df, df2=df2)["severity"] == "decision"


@pytest.mark.parametrize(
    ("p", "alpha", "statistic", "severity"),
    [  # the same file, other levels of alpha
        ("0.06", 0.05, "2.20", "decision"),
        ("0.11", 0.10, "2.20", "decision"),
        ("0.09", 0.10, "1.20", "decision"),
        ("0.02", 0.01, "5.20", "decision"),
        ("0.005", 0.01, "1.20", "decision"),
        ("0.05", 0.05, "2.20", "error"),  # p = alpha is significant there, too
    ],
)
def test_decisions_at_other_levels(p, alpha, statistic, severity):
    assert checked("t", statistic, p, df=28, alpha=alpha)["severity"] == severity


def test_inexact_p_values_of_statcheck():
    """Its cases of p < and p >, with t at p values of 0.04, 0.05 and 0.06 on 28 degrees of freedom."""
    t = {p: f"{stats.t.isf(p / 2, 28):.10f}" for p in (0.04, 0.06)} | {0.05: f"{stats.t.isf(0.025, 28) + 1e-4:.10f}"}
    wrong = {
        "<": {("0.04", 0.06), ("0.05", 0.06)},
        ">": {("0.05", 0.04), ("0.05", 0.05), ("0.06", 0.04), ("0.06", 0.05)},
    }
    for relation, decisions in wrong.items():
        for printed in ("0.04", "0.05", "0.06"):
            for computed, statistic in t.items():
                found = checked("t", statistic, printed, relation, df=28)
                assert (found["severity"] == "decision") == ((printed, computed) in decisions), (relation, printed)


def test_the_one_error_of_statchecks_first_test():
    found = checked("t", "1.02", "0.05", "<", df=48)  # t(48) = 1.02, p < .05
    assert found["severity"] == "decision" and not found["passes"]


def test_rounding_of_the_statistic_decides():
    p = {t: stats.t.sf(t, 28) * 2 for t in (2.195, 2.205)}
    assert (f"{p[2.195]:.4f}", f"{p[2.205]:.4f}") == ("0.0366", "0.0358")
    passes = [checked("t", "2.20", text, df=28)["passes"] for text in ("0.0366", "0.0368", "0.0358", "0.0357", "0.04")]
    assert passes == [True, False, True, False, True]
    assert not checked("t", "2.200", "0.0366", df=28)["passes"]


def test_a_p_value_of_one_side():
    found = checked("t", "2.20", "0.018", df=28)
    assert not found["passes"] and found["one_sided"] and found["severity"] == "error"
    assert not checked("f", "2.20", "0.065", df=2, df2=28)["one_sided"]


@pytest.mark.parametrize(
    ("estimate", "low", "high", "p", "scale"),
    [  # Altman & Bland 2011, BMJ 343:d2090, its two examples
        ("17", "1.4", "32.6", "0.032", "identity"),
        ("0.30", "0.1", "0.9", "0.034", "log"),
    ],
)
def test_intervals_and_p_values_that_belong_together(estimate, low, high, p, scale):
    given = {"estimate": estimate, "ci_low": low, "ci_high": high, "scale": scale}
    assert ev.p_recomputed(**given, p=p)["passes"].all()
    assert not ev.p_recomputed(**given, p="0.32")["passes"].any()
    assert ev.interval_symmetric(**given)["passes"].all()


@pytest.mark.parametrize("df", [np.nan, 9.0, 60.0])
@pytest.mark.parametrize("scale", ["identity", "log"])
def test_what_a_program_prints_passes_and_one_wrong_digit_of_three_does_not(df, scale):
    rng = np.random.default_rng(7)
    se = rng.uniform(0.5, 2, 400)
    x = rng.normal(0, 2, 400) * se
    reference = stats.norm if np.isnan(df) else stats.t(df)
    half, p = reference.isf(0.025) * se, 2 * reference.sf(np.abs(x) / se)
    to = np.exp if scale == "log" else np.asarray
    ends = {"estimate": to(x), "ci_low": to(x - half), "ci_high": to(x + half)}
    printed = {name: [f"{v:.4g}" if abs(v) < 1000 else f"{v:.0f}" for v in values] for name, values in ends.items()}
    given = {**printed, "se": [f"{v:.2f}" for v in se], "df": df, "scale": scale}
    given = {
        name: [f"{float(v):.6f}" if "e" in v else v for v in x] if isinstance(x, list) else x
        for name, x in given.items()
    }
    assert ev.p_recomputed(**given, p=[f"{v:.3f}" for v in p])["passes"].all()
    clear = (p > 0.01) & (p < 0.9)
    wrong = ev.p_recomputed(**given, p=[f"{min(v + 0.1, 1):.3f}" for v in p])["passes"].to_numpy(bool)
    assert not wrong[clear].any()


def test_standard_error_and_interval_are_held_against_each_other():
    given = {"estimate": "4.0", "ci_low": "1.0", "ci_high": "7.0"}  # standard error 1.53
    assert ev.p_recomputed(**given, se=["1.5", "3.0"])["passes"].tolist() == [True, False]
    found = ev.p_recomputed(**given)
    assert found["passes"].isna().all() and "it takes two" in found["rule"][0]
    assert found["number"][0] == pytest.approx(2 * stats.norm.sf(4 / (3 / stats.norm.isf(0.025))))


def test_an_interval_that_ends_before_it_starts_cannot_be_right():
    found = ev.p_recomputed(estimate="2.0", ci_low=["3.0", "1.0"], ci_high=["1.0", "3.0"], p="0.0001")
    assert found["passes"].tolist() == [False, True] and np.isnan(found["number"][0])


def test_options_of_p_values_are_named():
    for options, words in (
        ({"test": "q"}, "test"),
        ({"relation": "~"}, "relation"),
        ({"relation": ["=", "="]}, "relation"),
        ({"scale": "ratio"}, "scale"),
        ({"level": 95}, "level"),
        ({"alpha": 5}, "alpha"),
        ({"p": 1.2}, "p value"),
        ({"df": 0}, "degrees of freedom"),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            ev.p_recomputed(**{"statistic": 2.2, "df": 28, "p": 0.03, **options})


def test_an_estimate_off_the_middle():
    found = ev.interval_symmetric(estimate=["2.0", "2.1", "2.2"], ci_low="1.0", ci_high="3.0")
    assert found["passes"].tolist() == [True, True, False]  # 2.05 is in both intervals
    assert found["number"].to_list() == pytest.approx([0.5, 0.55, 0.6])
    ratio = ev.interval_symmetric(estimate="1.50", ci_low="1.00", ci_high="2.00")
    assert ratio["passes"].all() and not ratio["on_other_scale"].any()
    as_logs = ev.interval_symmetric(estimate="1.41", ci_low=["1.00", "0.00", "-1.0"], ci_high="2.00", scale="log")
    assert as_logs["passes"].isna().tolist() == [False, True, True] and as_logs["passes"][0]
    assert not ev.interval_symmetric(estimate=2.0, ci_low=3.0, ci_high=1.0)["passes"].any()


def test_percentages_of_people():
    found = ev.percent_of_n(percent=["50.0", "46.7", "46.7", "46.6", "0", "100"], events=[15, 14, 14, 14, 0, 30], n=30)
    assert found["passes"].tolist() == [True, True, True, False, True, True]
    assert found["number"].to_list() == pytest.approx([50, 140 / 3, 140 / 3, 140 / 3, 0, 100])
    off = ev.percent_of_n(percent="43.75", events=14, n=30)
    assert off[["passes", "n_least", "n_most"]].iloc[0].tolist() == [False, 32, 32]  # 14 of the 32 randomised
    alone = ev.percent_of_n(percent=["46.7", "46.6", "47"], n=[30, 30, 150])
    assert alone["passes"].tolist()[:2] == [True, False] and alone["passes"].isna().tolist() == [False, False, True]
    assert not ev.percent_of_n(percent=["103.3", "-3.3"], events=[31, np.nan], n=30)["passes"].any()
    cut = ev.percent_of_n(percent=["66.66", "66.67", "66.6", "66.5", "86.66"], events=[20, 20, 20, 20, np.nan], n=30)
    assert cut["passes"].tolist() == [False, True, False, False, False]
    assert cut["cut_off"].tolist() == [True, False, True, False, True]
    assert ev.percent_of_n(percent=["33.2", "33.4"], events=10, n=30)["cut_off"].tolist() == [False, False]


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_every_share_of_people_passes(decimals):
    pairs = [(x, n) for n in range(1, 41) for x in range(n + 1)]
    events, n = np.array(pairs).T
    found = ev.percent_of_n(percent=[f"{100 * x / m:.{decimals}f}" for x, m in pairs], events=events, n=n)
    assert found["passes"].all()
    inside = (found["n_least"] <= n) & (n <= found["n_most"])
    assert inside[events > 0].all()


def test_people_of_arms():
    arms = pd.DataFrame(
        {
            "study": ["A", "B", "A", "B", "C"],
            "randomised": [30, 25, 31, 25, np.nan],
            "analysed": [28, 25, 33, 24, 12],
            "total": [61, 52, 61, 52, 40],
        }
    )
    found = ev.n_flow(**{name: arms[name] for name in arms})
    assert found["passes"].tolist()[:4] == [True, False, False, False] and found["passes"].isna()[4]
    assert found["adds_up"].tolist()[:4] == [True, False, True, False]
    shuffled = ev.n_flow(**{name: arms[name][::-1] for name in arms})
    assert shuffled.loc[found.index]["passes"].tolist()[:4] == found["passes"].tolist()[:4]
    unknown = ev.n_flow(randomised=[20, None], analysed=[20, 18], total=20)
    assert unknown["adds_up"].isna().all() and unknown["arms_total"].isna().all()
    assert ev.n_flow(randomised=[20, 20], analysed=[20, 20])["passes"].tolist() == [True, True]  # nobody was lost
    whole = ev.n_flow(randomised=[20, 20], total=[40, 41])
    assert whole["passes"].tolist() == [True, False]
    with pytest.raises(ev.InvalidInput, match="study"):
        ev.n_flow(randomised=[20, 20], study=["A"])
