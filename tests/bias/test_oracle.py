"""Agreement with metafor 3.8 (regtest, ranktest, trimfill, fsn, tes) and lm; see validation/bias_metafor.R."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

import evidence as ev

ORACLE = json.loads((Path(__file__).parents[1] / "oracle" / "bias_metafor.json").read_text())
SETS = ORACLE["sets"]
COUNTS = ORACLE["counts"]
# The fixture has 15 digits, so this is as close as closed forms can be told apart.
CLOSED = {"rel": 1e-9, "abs": 1e-13}


@pytest.fixture(autouse=True)
def _few_studies_are_meant():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        yield


@pytest.mark.parametrize("predictor", ["sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"])
@pytest.mark.parametrize("name", SETS)
def test_egger_lm(name, predictor):
    data = SETS[name]
    expected = data["lm"][predictor]
    test = ev.egger(data["yi"], data["vi"], ni=data["ni"], predictor=predictor)
    assert test.coefficients["estimate"].to_list() == pytest.approx(expected["beta"], **CLOSED)
    assert test.coefficients["se"].to_list() == pytest.approx(expected["se"], **CLOSED)
    assert (test.intercept, test.se) == (test.coefficients["estimate"].iloc[1], test.coefficients["se"].iloc[1])
    assert test.statistic == pytest.approx(expected["statistic"], **CLOSED)
    assert test.p_value == pytest.approx(expected["p"], **CLOSED)
    if expected.get("limit") is None:
        assert test.limit_estimate is None
    else:
        assert [test.limit_estimate, *test.limit_ci] == pytest.approx(expected["limit"], **CLOSED)


@pytest.mark.parametrize("model", ["REML_z", "DL_hksj", "EE_z", "REML_hksj-adhoc"])
@pytest.mark.parametrize("name", SETS)
def test_egger_random_effects(name, model):
    data = SETS[name]
    method, test = model.split("_")
    fit = ev.pool(data["yi"], data["vi"], method=method, test=test)
    for predictor, expected in data["rma"][model].items():
        found = ev.egger(fit, model="rma", predictor=predictor, ni=data["ni"])
        # iterative tau2: both at tolerances far below this, but a tau2 near zero is only known to metafor's threshold
        assert found.tau2 == pytest.approx(expected["tau2"], rel=1e-6, abs=1e-9)
        assert found.coefficients["estimate"].to_list() == pytest.approx(expected["beta"], rel=1e-6, abs=1e-9)
        assert found.se == pytest.approx(expected["se"][1], rel=1e-6)
        assert found.p_value == pytest.approx(expected["p"], rel=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_thompson_sharp(name):
    data = SETS[name]
    expected = data["thompson_sharp"]
    found = ev.thompson_sharp(data["yi"], data["vi"])
    assert found.tau2 == pytest.approx(expected["tau2"], **CLOSED)
    assert found.coefficients["estimate"].to_list() == pytest.approx(expected["beta"], **CLOSED)
    assert found.se == pytest.approx(expected["se"][1], **CLOSED)
    assert found.p_value == pytest.approx(expected["p"], **CLOSED)
    assert found.df == len(data["yi"]) - 2


@pytest.mark.parametrize("name", SETS)
def test_begg(name):
    data = SETS[name]
    found = ev.begg(data["yi"], data["vi"])
    assert found.tau == pytest.approx(data["rank"]["tau"], **CLOSED)
    assert found.p_value == pytest.approx(data["rank"]["p"], **CLOSED)
    assert found.exact == (len(set(data["vi"])) == len(data["vi"]))


@pytest.mark.parametrize("test", ["macaskill", "peters", "harbord"])
@pytest.mark.parametrize("name", COUNTS)
def test_counts(name, test):
    data = COUNTS[name]
    found = getattr(ev, test)(data["ai"], data["bi"], data["ci"], data["di"])
    expected = data[test]
    assert found.coefficients["estimate"].to_list() == pytest.approx(expected["beta"], **CLOSED)
    assert found.coefficients["se"].to_list() == pytest.approx(expected["se"], **CLOSED)
    assert found.p_value == pytest.approx(expected["p"], **CLOSED)


@pytest.mark.parametrize("name", SETS)
def test_trim_and_fill(name):
    data = SETS[name]
    for key, expected in data["trimfill"].items():
        method, side, estimator = key.split()
        fit = ev.pool(data["yi"], data["vi"], method=method, test="z")
        side = None if side == "auto" else side
        if "error" in expected:
            with pytest.raises(ev.NotEstimable):
                ev.trim_and_fill(fit, side=side, estimator=estimator)
            continue
        found = ev.trim_and_fill(fit, side=side, estimator=estimator)
        assert (found.side, found.k0) == (expected["side"], expected["k0"]), key
        assert found.k0_se == (expected["se_k0"] and pytest.approx(expected["se_k0"], rel=1e-8)), key
        if estimator == "R0":
            assert found.k0_p_value == pytest.approx(expected["p_k0"], rel=1e-9)
        filled = found.filled.loc[found.filled["filled"], "yi"]
        assert sorted(filled) == pytest.approx(sorted(np.atleast_1d(expected["filled"])), rel=1e-7, abs=1e-9), key
        assert found.estimate == pytest.approx(expected["estimate"], rel=1e-7, abs=1e-9), key
        assert found.se == pytest.approx(expected["se"], rel=1e-7), key
        assert found.tau2 == pytest.approx(expected["tau2"], rel=1e-6, abs=1e-9), key


@pytest.mark.parametrize("name", SETS)
def test_fail_safe_n(name):
    data, expected = SETS[name], SETS[name]["fsn"]
    effects = (data["yi"], data["vi"])
    rosenthal = ev.fail_safe_n(*effects)
    assert (rosenthal.n, rosenthal.p_value) == (expected["rosenthal"], pytest.approx(expected["rosenthal_p"], rel=1e-9))
    assert ev.fail_safe_n(*effects, alpha=0.01).n == expected["rosenthal_01"]
    assert ev.fail_safe_n(*effects, kind="orwin", target=0.05).n == expected["orwin"]
    assert ev.fail_safe_n(*effects, kind="orwin", target=0.05, weighted=True).n == expected["orwin_weighted"]
    rosenberg = ev.fail_safe_n(*effects, kind="rosenberg")
    assert (rosenberg.n, rosenberg.p_value) == (expected["rosenberg"], pytest.approx(expected["rosenberg_p"], rel=1e-9))


@pytest.mark.parametrize("name", SETS)
def test_excess_significance(name):
    data = SETS[name]
    for key, expected in data["tes"].items():
        method, test, alternative = key.split()
        fit = ev.pool(data["yi"], data["vi"], method=method, test="z")
        found = ev.excess_significance(
            fit, test={"binom": "binomial"}.get(test, test), alternative=alternative.replace(".", "-")
        )
        assert found.observed == expected["O"]
        if 0 < expected["tau2"] <= 1e-4:
            continue  # metafor's tes takes so small a tau2 as zero
        # metafor integrates over 5 standard deviations of the true effects, which leaves out 5.8e-7 of each power
        lost = 1e-9 if expected["tau2"] == 0 else 5.8e-7
        assert found.power == pytest.approx(np.array(expected["power"]), rel=1e-9, abs=lost), key
        assert found.expected == pytest.approx(expected["E"], rel=1e-9, abs=lost * len(data["yi"])), key
        assert found.p_value == pytest.approx(expected["p"], rel=2e-5, abs=1e-12), key
        if expected["limit"] is not None:
            # metafor's root finder stops at an absolute tolerance of 1.2e-4
            assert found.limit_estimate == pytest.approx(expected["limit"], abs=2.5e-4), key


@pytest.mark.parametrize("name", SETS)
def test_waap_and_pet_peese_against_lm(name):
    data = SETS[name]
    found, expected = ev.waap(data["yi"], data["vi"]), data["waap"]
    assert found.uwls[["estimate", "se"]].iloc[0].to_list() == pytest.approx(expected["uwls"], **CLOSED)
    assert found.k_adequate == expected["k"]
    assert [found.estimate, found.se] == pytest.approx(expected["waap"], **CLOSED)
    assert found.p_value == pytest.approx(expected["p"], **CLOSED)
    assert found.fallback == (expected["k"] < 2)
    both, lines = ev.pet_peese(data["yi"], data["vi"]), data["pet_peese"]
    assert both.pet["estimate"].to_list() == pytest.approx(lines["pet"], **CLOSED)
    assert both.peese["estimate"].to_list() == pytest.approx(lines["peese"], **CLOSED)
    assert both.peese.loc["intercept", ["ci_low", "ci_high"]].to_list() == pytest.approx(lines["peese_ci"], **CLOSED)
    same_sign = np.sign(lines["pet"][0]) == np.sign(both.naive.estimate)
    assert both.chosen == ("PEESE" if lines["pet_p"] < 0.1 and same_sign else "PET")
