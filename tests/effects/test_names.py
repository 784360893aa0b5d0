"""Names that people bring, and scales that are read back."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.effects.measures.back import read_back, sizes_in

MEANS = {"m1": [12.0, 8], "sd1": [4.0, 3], "n1": [40, 38], "m2": [10.0, 9], "sd2": [5.0, 3], "n2": [41, 39]}


def test_metafors_names_and_small_letters_are_the_same_statistics():
    wanted = ev.effect_size("SMD", **MEANS)
    assert wanted.equals(ev.effect_size("smd", **{f"{name}i": values for name, values in MEANS.items()}))
    with pytest.raises(ev.InvalidInput, match="n1 is given twice"):
        ev.effect_size("SMD", **MEANS, n1i=[40, 38])
    with pytest.raises(ev.InvalidInput, match="not used: m3"):
        ev.effect_size("SMD", **MEANS, m3=[1, 2])
    with pytest.raises(ev.InvalidInput, match="measure 'smdd' is unknown"):
        ev.effect_size("smdd", **MEANS)


def test_a_frame_brings_its_columns_and_the_others_are_ignored():
    frame = pd.DataFrame(MEANS, index=["A", "B"]).rename(columns=lambda name: f"{name}i".upper()).assign(year=2001)
    found = ev.effect_size("SMD", frame)
    assert found.index.tolist() == ["A", "B"]
    assert found.to_numpy() == pytest.approx(ev.effect_size("SMD", **MEANS).to_numpy())
    wider = ev.effect_size("SMD", frame, sd1=8.0)
    assert wider["yi"].abs().lt(found["yi"].abs()).all(), "what is given by name comes before the frame"
    with pytest.raises(ev.InvalidInput, match="missing: m2"):
        ev.effect_size("SMD", frame.drop(columns="M2I"))
    with pytest.raises(ev.InvalidInput, match="m1 twice"):
        ev.effect_size("SMD", frame.assign(m1=1.0))
    counts = pd.DataFrame({"ai": [12], "n1i": [40], "ci": [20], "n2i": [41], "bi": [28]})
    assert ev.effect_size("RR", counts)["yi"].item() == pytest.approx(np.log(12 / 40 / (20 / 41)))


@pytest.mark.parametrize("measure", ["RR", "CVR", "ROMC", "PLO", "PAS", "PFT", "ZCOR"])
def test_what_is_read_back_goes_forth_to_the_same_value(measure):
    how = read_back(measure, 40.0)
    assert how is not None
    values = np.array([0.2, 0.5, 0.8])
    assert how.back(how.forth(values)) == pytest.approx(values)


def test_proportions_come_back_from_each_of_their_scales():
    for measure in ("PLO", "PAS", "PFT"):
        pooled = ev.effect_size(measure, xi=[5], ni=[20])["yi"].to_numpy()
        how = read_back(measure, 20.0)
        assert how is not None and how.back(pooled) == pytest.approx([0.25])
    assert read_back("PFT") is None and read_back("SMD") is None


def test_the_double_arcsine_comes_back_as_in_metafor():
    """metafor 3.8: transf.ipft(c(0.1, 0.4682, 1.2), ni = 27.7)."""
    how = read_back("PFT", 27.7)
    assert how is not None
    assert how.back(np.array([0.1, 0.4682, 1.2])) == pytest.approx(
        [0.000145550238883, 0.193243341346594, 0.881498628574708], abs=1e-12
    )


def test_counts_in_a_frame_may_have_metafors_names_and_more_columns():
    counts = pd.DataFrame({"ai": [12, 8], "n1i": [40, 38], "ci": [20, 9], "n2i": [41, 39], "year": [2001, 2004]})
    wanted = ev.mantel_haenszel([12, 8], None, [20, 9], None, "OR", n1=[40, 38], n2=[41, 39])
    assert ev.mantel_haenszel(counts, measure="OR").estimate == wanted.estimate
    fuller = counts.assign(bi=counts["n1i"] - counts["ai"], di=counts["n2i"] - counts["ci"])
    assert ev.mantel_haenszel(fuller, measure="OR").estimate == wanted.estimate


def test_the_sizes_of_a_double_arcsine_stand_in_its_variance():
    trials = ev.effect_size("PFT", xi=[0, 7, 30], ni=[12, 50, 33])
    assert sizes_in("PFT", trials["vi"]) == pytest.approx([12, 50, 33]) and sizes_in("PLO", trials["vi"]) is None
    given = ev.back_transform(trials["yi"], "PFT", n=[12, 50, 33])
    assert given == pytest.approx(ev.back_transform(trials["yi"], "pft", vi=trials["vi"]))
    # metafor 3.8: transf.ipft.hm(0.5, targs = list(ni = c(20, 60)))
    assert ev.back_transform(0.5, "PFT", n=[20, 60]) == pytest.approx(0.221049, abs=5e-7)
    with pytest.raises(ev.InvalidInput, match="comes back from the sizes of the trials; give n"):
        ev.back_transform(0.5, "PFT")


def test_a_fit_speaks_on_the_scale_on_which_its_measure_is_read():
    table = {"ai": [12, 8, 15], "n1": [40, 38, 40], "ci": [20, 9, 21], "n2": [41, 39, 40]}
    fit = ev.pool(ev.effect_size("rr", **table))
    assert fit.measure == "RR" and f"average risk ratio is {np.exp(fit.estimate):.2f}" in fit.sentence()
    said = fit.summary().splitlines()
    assert (
        said[1]
        == f"risk ratio {np.exp(fit.estimate):.2f}, 95% CI {np.exp(fit.ci.low):.2f} to {np.exp(fit.ci.high):.2f}"
    )
    assert "model on the log scale:" in said and "risk ratio" not in fit.summary(transform=None)
    read = fit.predict(transform="auto")
    assert read.loc[0, "ci_low"] == pytest.approx(np.exp(fit.ci.low)) and "se" not in read
    assert read.equals(fit.predict(transform="exp")) and fit.predict().loc[0, "estimate"] == fit.estimate
    assert fit.to_frame(transform="exp").loc[0, "pi_high"] == pytest.approx(np.exp(fit.prediction_interval.high))
    assert fit.to_frame().loc[0, "estimate"] == fit.estimate
    plain = ev.pool(fit.yi, fit.vi)
    assert (
        plain.measure == "" and "effect" in plain.sentence() and "exp of the effect" in plain.summary(transform="exp")
    )


def test_effects_appended_to_their_frame_keep_their_measure():
    table = pd.DataFrame(
        {"ai": [12, 8, 15], "n1": 40, "ci": [20, 9, 21], "n2": 40, "dose": [1, 2, 3]}, index=list("ABC")
    )
    trials = ev.effect_size("RR", table, append=True)
    assert trials.drop(columns=["yi", "vi"]).equals(table) and "yi" not in table
    assert trials["yi"].tolist() == ev.effect_size("RR", table)["yi"].tolist()
    assert ev.pool(trials).measure == "RR" and ev.regress(trials, formula="~ dose", test="z").measure == "RR"
    with pytest.raises(ev.InvalidInput, match="append=True adds the effects to data"):
        ev.effect_size("RR", append=True, ai=3, n1=9, ci=2, n2=9)


def test_tables_and_regressions_are_read_back_through_the_same_door():
    table = pd.DataFrame({"ai": [12, 8, 15, 9], "n1": 40, "ci": [20, 9, 21, 12], "n2": 40, "dose": [1, 2, 3, 4]})
    trials = table.join(ev.effect_size("OR", table))
    trials.attrs["measure"] = "OR"
    fit = ev.regress(trials, formula="~ dose", test="z")
    assert fit.predict(transform="auto")["estimate"].to_numpy() == pytest.approx(np.exp(fit.predict()["estimate"]))
    assert "on the log scale" in fit.summary()
    left = ev.leave_one_out(ev.pool(trials, test="z"))
    assert ev.back_transform(left, "OR")["ci_high"].to_numpy() == pytest.approx(np.exp(left["ci_high"]))
    with pytest.raises(ev.InvalidInput, match="MD is read on the scale on which it is pooled"):
        fit.predict(transform="MD")
    with pytest.raises(ev.InvalidInput, match="is for a fit"):
        ev.back_transform(left, "auto")
    with pytest.raises(ev.InvalidInput, match="has none of estimate"):
        ev.back_transform(trials, "exp")


def test_numbers_with_names_print_themselves_without_the_types_of_numpy() -> None:
    assert repr(ev.combine_arms([20, 20], [1, 2], [1, 1])).startswith("Group(n=40.0, mean=1.5, sd=1.1")
    shown = [
        ev.smd_to_or(0.5, 0.1),
        ev.smd_from_t(2, 20, 20),
        ev.mean_sd_from_quantiles(median=5, q1=3, q3=8, n=40),
        ev.exact_proportion(3, 20),
        ev.exact_rate(3, 20),
        ev.exact_odds_ratio(3, 20, 4, 18),
        ev.skewness_test(n=40, median=5, q1=3, q3=8),
    ]
    assert not [each for each in map(repr, shown) if "np." in each]
    assert "array([" in repr(ev.smd_to_or([0.5, 0.2], 0.1))
