"""What results say is what they hold."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev

RNG = np.random.default_rng(11)
FRAME = pd.DataFrame({"study": list("ABCDEFGHIJ"), "vi": RNG.uniform(0.02, 0.1, 10), "dose": RNG.normal(size=10)})
FRAME["yi"] = RNG.normal(0.4, np.sqrt(FRAME["vi"]))
FAR = FRAME.assign(yi=FRAME["yi"].where(FRAME["study"] != "G", 3.0))
MEAN, SLOPE = ev.pool(FRAME), ev.regress(FRAME, formula="~ dose", test="z")


def test_influence_names_the_study_that_sways_most():
    found = ev.influence(FAR)
    table = found.to_frame()
    assert table["study"].tolist() == FRAME["study"].tolist()
    assert {"dffits", "hat", "weight", "dfbetas_estimate", "influential"} <= set(table)
    assert found.sentence() == "1 of 10 studies is influential: G."
    lines = found.summary().splitlines()
    assert lines[0] == "Case diagnostics (k = 10)" and lines[1] == found.sentence()
    assert lines[2] == f"largest Cook's distance {table['cooks_distance'].max():.2f} (G)"
    assert lines[3].endswith("(G)")
    assert ev.influence([0.1, 0.11, 0.1, 0.12], [0.1] * 4).sentence() == "None of 4 studies is influential."


def test_a_negative_residual_keeps_its_sign():
    low = FRAME.assign(yi=FRAME["yi"].where(FRAME["study"] != "C", -3.0))
    found = ev.influence(low)
    assert found.diagnostics["rstudent"].abs().idxmax() == "C"
    assert f"largest studentised residual −{-found.diagnostics.loc['C', 'rstudent']:.2f} (C)" in found.summary()


def test_gosh_says_how_far_subsets_spread():
    found = ev.gosh(MEAN)
    table = found.to_frame()
    low, middle, high = table["estimate"].quantile([0.025, 0.5, 0.975])
    assert found.summary().splitlines()[0] == "GOSH: all subsets of 10 studies (1023)"
    assert f"estimate: median {middle:.2f}, 95% of subsets {low:.2f} to {high:.2f}" in found.summary()
    assert f"with all studies it is {MEAN.estimate:.2f}." in found.sentence()
    assert (
        f"between {table['estimate'].min():.2f} and {table['estimate'].max():.2f}".replace("-", "−") in found.sentence()
    )
    assert ev.gosh(MEAN, subsets=100).summary().startswith("GOSH: random subsets of 10 studies (100)")
    assert "the coefficient 'Intercept'" in ev.gosh(SLOPE, subsets=50).sentence()


def test_a_subset_without_a_fit_is_counted_in_the_summary():
    found = ev.gosh(ev.regress(FRAME.iloc[:6].assign(arm=list("aaabbb")), formula="~ 0 + arm", test="z"))
    assert f"{found.failed} subsets left out" in found.summary() and found.failed > 0


def test_bootstrap_shows_percentile_intervals():
    found = ev.bootstrap(MEAN, iterations=300, parametric=False, seed=4)
    table, own = found.to_frame(), found.ci("percentile")
    assert table["term"].tolist() == ["estimate", "tau2"]
    assert table["ci_low"].tolist() == own["ci_low"].tolist()
    assert found.summary().startswith(f"Bootstrap, nonparametric ({len(found.replicates)} samples)\nestimate ")
    row = own.loc["estimate"]
    assert f"standard error of {row['se']:.2f}" in found.sentence()
    assert f"{row['ci_low']:.2f} to {row['ci_high']:.2f}".replace("-", "−") in found.sentence()
    assert "the coefficient 'Intercept'" in ev.bootstrap(SLOPE, iterations=50).sentence()


def test_permutation_names_each_coefficient():
    found = ev.permutation_test(SLOPE, iterations=200, seed=1)
    table = found.to_frame()
    assert table["term"].tolist() == ["Intercept", "dose"]
    assert table["p_value"].tolist() == found.p_value.tolist()
    assert found.summary().splitlines()[0] == "Permutation test (200 random rearrangements)"
    assert found.summary().splitlines()[-1].startswith("all moderators: p ")
    mean = ev.permutation_test(MEAN)
    assert mean.to_frame().loc[0, ["term", "p_value"]].tolist() == ["estimate", mean.p_value]
    assert "1000 random rearrangements" in mean.sentence()


@pytest.mark.filterwarnings("ignore::evidence.SmallSample")
def test_too_few_studies_are_refused_in_words():
    two = FRAME.iloc[:2]
    with pytest.raises(ev.NotEstimable, match="leaving one out"):
        ev.influence(two)
    one = ev.pool(FRAME.iloc[:1])
    for method in (ev.influence, ev.baujat, ev.bootstrap):
        with pytest.raises(ev.NotEstimable, match="1 study"):
            method(one)
    with pytest.raises(ev.NotEstimable, match="one study"):
        ev.leave_one_out(one)
    assert ev.cumulative(one)["estimate"].tolist() == [one.estimate]
    assert ev.gosh(one).k.tolist() == [1]
