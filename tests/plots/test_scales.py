"""Effects are shown on the scale on which they are read, with digits that suit their interval."""

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.plots.parts.effect_axis import measure_named
from evidence.plots.parts.legibility import texts

SINGLE = pd.DataFrame({"label": ["Ada", "Bo", "Cy", "Di"], "xi": [5, 3, 10, 8], "ni": [20, 30, 40, 25]})
RARE = pd.DataFrame(
    {"ai": [1, 3, 2], "n1": [10001, 12003, 9002], "ci": [2, 2, 1], "n2": [10001, 12010, 9010]}, index=list("ABC")
)
MEANS = pd.DataFrame(
    {"m1": [12.0, 8, 9], "sd1": [4.0, 3, 3], "n1": [40, 38, 30], "m2": [10.0, 9, 8], "sd2": [5.0, 3, 4]}
).assign(n2=[41, 39, 30])


def shown(fit, measure):
    return [text.get_text() for text in texts(ev.plots.forest(fit, measure=measure).figure)]


@pytest.mark.parametrize("measure", ["PLO", "PAS", "PFT", "PR"])
def test_proportions_are_proportions_in_a_forest(measure):
    fit = ev.pool(SINGLE.join(ev.effect_size(measure, SINGLE)))
    words = shown(fit, measure)
    assert words.count("0.25") == 2 and "0.10" in words and "0.32" in words, "5/20 and 10/40, 3/30, 8/25"
    assert any(word.startswith("Proportion") and word != "Proportion" for word in words) == (measure != "PR")
    assert not any("favours" in word for word in words), "a proportion favours nobody"


def test_a_double_arcsine_whose_sizes_are_not_known_says_that_it_is_one():
    fit = ev.pool([0.5, 0.4, 0.6], [0.6, 0.7, 0.6])  # no 1 / (4n + 2)
    assert "Freeman-Tukey double arcsine of the proportion" in shown(fit, "PFT")


def test_a_forest_reads_back_by_the_name_of_a_function_and_measures_in_small_letters():
    fit = ev.pool([-0.5, -0.2, -0.7], [0.04, 0.03, 0.05])
    words = [text.get_text() for text in texts(ev.plots.forest(fit, transform="exp").figure)]
    assert "0.61" in words and "exp of the effect (log scale)" in words
    assert shown(fit, "rr") == shown(fit, "RR")
    with pytest.raises(ev.InvalidInput, match="transform"):
        ev.plots.forest(fit, transform="log")


@pytest.mark.parametrize("measure", ["CVR", "RR", "ROMC"])
def test_ratios_are_ratios_in_a_forest(measure):
    statistics = {
        "CVR": MEANS,
        "RR": RARE.assign(ai=[5, 8, 9], ci=[12, 6, 9], n1=50, n2=50),
        "ROMC": MEANS.drop(columns=["n1", "n2"]).assign(ni=30, ri=0.5),
    }[measure]
    fit = ev.pool(ev.effect_size(measure, statistics))
    words = shown(fit, measure)
    assert f"{np.exp(fit.yi[0]):.2f}" in words and any("log scale" in word for word in words)


def test_a_rare_events_difference_has_digits_that_suit_its_interval():
    fit = ev.pool(RARE.join(ev.effect_size("RD", RARE)))
    words = shown(fit, "RD")
    low, high = (f"{bound:.5f}".replace("-", "−") for bound in fit.ci)
    assert f"[{low}, {high}]" in words and f"{fit.estimate:.5f}" in words
    assert "[0.00, 0.00]" not in words


def test_digits_follow_the_narrowest_interval_only_where_two_do_not_show_it():
    smd = measure_named("SMD")
    assert smd.suited([(0.1, 0.5), (0.1, 0.16)]).digits == 2
    assert smd.suited([(0.1, 0.13)]).digits == 3 and smd.suited([(0.0001, 0.0003)]).digits == 5
    assert smd.suited([(0.2, 0.2), (float("nan"), 1.0)]).digits == 2
    assert measure_named("RR").suited([(np.log(1.001), np.log(1.004))]).number(np.log(1.002)) == "1.0020"


@pytest.mark.parametrize("figure", ["orchard", "funnel", "drapery"])
def test_other_figures_draw_proportions_too(figure):
    fit = ev.pool(SINGLE.join(ev.effect_size("PLO", SINGLE)))
    ax = getattr(ev.plots, figure)(fit, measure="PLO")
    assert any("Proportion (logit scale)" in text.get_text() for text in texts(ax.figure))


def test_measures_without_words_of_their_own_are_shown_as_the_registry_has_them():
    pairs = measure_named("mporc")
    assert (pairs.ratio, pairs.label, pairs.number(np.log(2))) == (True, "Odds ratio (log scale)", "2.00")
    rate = measure_named("IRLN")
    assert (rate.label, rate.null, rate.number(np.log(0.5))) == ("Rate (log scale)", False, "0.50")
    assert measure_named("PCOR").null and not measure_named("MNLN").null and not measure_named("ARAW").null
