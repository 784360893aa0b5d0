"""The bias table: every row is the method's own number, and trust follows the stated rules."""

import numpy as np
import pytest

import evidence as ev
from evidence.bias import trust

K = 30


def studies(k=K, tau=0.0, seed=1, spread=3.0, bias=0.0):
    rng = np.random.default_rng(seed)
    v = 0.004 * np.exp(rng.uniform(0, spread, k))
    y = 0.3 + bias * np.sqrt(v) + rng.normal(0, 1, k) * np.sqrt(v * 0.9 + tau**2)
    return ev.pool(y, v)


def test_rows_are_the_methods_own_numbers():
    fit = studies()
    table = ev.bias_table(fit)
    own = {
        "as observed": fit,
        "trim and fill": ev.trim_and_fill(fit),
        "PET-PEESE": ev.pet_peese(fit),
        "limit meta-analysis": ev.limit_meta(fit),
        "selection, one step": ev.selection_model(fit),
        "selection, exponential": ev.selection_model(fit, kind="negexp"),
        "WAAP": ev.waap(fit),
    }
    for name, found in own.items():
        row = table.estimates.loc[name]
        assert [row["estimate"], row["se"], row["ci_low"], row["ci_high"], row["p_value"]] == pytest.approx(
            [found.estimate, found.se, *found.ci, found.p_value], nan_ok=True
        )
        assert row["change"] == pytest.approx(found.estimate - fit.estimate)
    limit = ev.egger(fit, model="rma")
    assert table.estimates.loc["Egger limit", "estimate"] == limit.limit_estimate
    assert table.tests.loc["Egger", "p_value"] == ev.egger(fit).p_value
    assert table.tests.loc["Begg", "statistic"] == ev.begg(fit).tau
    assert table.tests.loc["p-curve", "p_value"] == ev.p_curve(fit).skew_full.p_value
    assert table.tests.loc["selection, one step", "p_value"] == ev.selection_model(fit).lr_test.p_value
    assert table.tests.loc["fail-safe N", "statistic"] == ev.fail_safe_n(fit).n
    assert (table.estimates["assumes"].str.len() > 20).all()


def test_many_alike_studies_earn_trust():
    table = ev.bias_table(studies(60))
    assert table.naive.i2 < 50
    assert table.estimates.loc[["limit meta-analysis", "PET-PEESE", "WAAP"], "trust"].tolist() == ["yes"] * 3
    assert table.tests.loc["Egger", "trust"] == "yes"
    assert table.estimates["trust"].iloc[0] == "reference"


def test_no_egger_below_ten_studies():
    table = ev.bias_table(studies(9))
    for name in ("Egger", "Begg"):
        assert table.tests.loc[name, ["says", "trust", "reason"]].tolist() == [
            "not run",
            "no",
            "9 studies, fewer than 10",
        ]
        assert np.isnan(table.tests.loc[name, "p_value"])
    assert np.isnan(table.estimates.loc["Egger limit", "estimate"])
    funnel = table.estimates.loc[["trim and fill", "Egger limit", "PET-PEESE", "limit meta-analysis"]]
    assert (funnel["trust"] == "no").all() and funnel["reason"].str.contains("fewer than 10").all()
    assert ev.bias_table(studies(10)).tests.loc["Egger", "says"] != "not run"


def test_pet_peese_is_flagged_at_high_heterogeneity():
    fit = studies(40, tau=0.6)
    assert fit.i2 > 80
    row = ev.bias_table(fit).estimates.loc["PET-PEESE"]
    assert row["trust"] == "no" and f"I² = {fit.i2:.0f}%, at or above 80%" in row["reason"]
    middling = studies(40, tau=0.25)
    assert 50 < middling.i2 < 80
    assert ev.bias_table(middling).estimates.loc["PET-PEESE", "trust"] == "caution"
    assert ev.bias_table(middling).estimates.loc["trim and fill", "trust"] == "no"


def test_studies_of_one_size_cannot_show_a_funnel():
    doubts = trust.funnel_doubts(studies(30, spread=1.0))
    assert [doubt.weight for doubt in doubts] == ["caution"] and "one size" in doubts[0].reason
    assert trust.funnel_doubts(studies(30)) == []


def test_what_cannot_be_computed_keeps_its_row_and_says_why():
    fit = ev.pool([0.5, 0.6, 0.7, 0.9], [0.01, 0.02, 0.03, 0.04])
    table = ev.bias_table(fit)
    row = table.estimates.loc["selection, one step"]
    assert np.isnan(row["estimate"]) and row["trust"] == "no" and "no study has a p value" in row["reason"]
    assert "not estimable [no]" in table.summary()
    assert "none of 12 methods" in table.sentence() or "by the" in table.sentence()


def test_same_size_studies_still_make_a_table():
    table = ev.bias_table([0.1, 0.4, 0.3], [0.04, 0.04, 0.04])
    assert table.estimates.loc["trim and fill", "reason"].startswith("all studies have the same")
    assert (table.estimates["trust"].iloc[1:] == "no").all()
    assert "none of 12 methods" in table.sentence()


def test_the_side_follows_the_naive_estimate():
    fit = studies(25, bias=0.5)
    mirrored = ev.bias_table(ev.pool(-fit.yi, fit.vi)).estimates
    straight = ev.bias_table(fit).estimates
    assert mirrored["estimate"].to_numpy() == pytest.approx(-straight["estimate"].to_numpy(), rel=1e-5, nan_ok=True)
    assert mirrored["trust"].tolist() == straight["trust"].tolist()


def test_a_verdict_is_the_worst_doubt():
    caution, no = trust.Doubt("caution", "a"), trust.Doubt("no", "b")
    assert trust.verdict([]) == trust.Verdict("yes", "")
    assert trust.verdict([caution]) == trust.Verdict("caution", "a")
    assert trust.verdict([caution, no]) == trust.Verdict("no", "a; b")


def test_it_shows_itself():
    table = ev.bias_table(studies())
    rows = table.to_frame()
    assert rows["method"].tolist() == table.estimates.index.tolist()
    assert rows["estimate"].tolist() == pytest.approx(table.estimates["estimate"].tolist(), nan_ok=True)
    assert table.summary().startswith(f"Bias table (k = {K}, I² = ")
    assert "PET-PEESE" in table._repr_html_()
    assert "corrections that can be used here" in table.sentence()
