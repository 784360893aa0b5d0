"""Fragility: null trials by refits, changed outcomes by hand and by brute force."""

import itertools

import numpy as np
import pandas as pd
import pytest

import evidence as ev

YI, VI = [0.35, 0.25, 0.45, 0.4], [0.03, 0.05, 0.04, 0.05]
COUNTS = pd.DataFrame({"ai": [12, 8, 20], "n1": [60, 50, 90], "ci": [22, 17, 31], "n2": [60, 50, 90]})
SMALL = pd.DataFrame({"ai": [2, 1], "bi": [18, 14], "ci": [8, 6], "di": [12, 9]})


def effects(measure, counts=COUNTS):
    return counts.assign(**ev.effect_size(measure, **{name: counts[name] for name in counts}))


def excludes(fit):
    return fit.ci.low > 0 or fit.ci.high < 0


@pytest.mark.parametrize("options", [{"method": "EE", "test": "z"}, {}, {"test": "hksj"}, {"method": "DL"}])
def test_the_null_trial_is_the_smallest_that_undoes_a_refit(options):
    found = ev.fragility(ev.pool(YI, VI, **options))
    assert found.excludes and found.people % 2 == 0

    def refit(people):
        return ev.pool([*YI, 0.0], [*VI, 4 / people], **options)

    assert not excludes(refit(found.people))
    assert excludes(refit(found.people - 2))
    assert f"A null trial of {found.people:,} people" in found.sentence()


def test_equal_effects_by_hand():
    """The mean of all, shrunk by the null trial's weight, just reaches 1.96 standard errors."""
    found = ev.fragility(ev.pool(YI, VI, method="EE", test="z"))
    w = 1 / np.array(VI)
    people = 4 * (((w * YI).sum() / 1.959964) ** 2 - w.sum())
    assert found.people == pytest.approx(people, abs=2) and found.people >= people


def test_sd_or_people_say_how_precise_it_is():
    base = ev.fragility(YI, VI)
    assert ev.fragility([20 * y for y in YI], [400 * v for v in VI], sd=20).people == base.people
    assert ev.fragility(YI, VI, ni=[4 / v for v in VI]).people == base.people
    assert 4 * (base.people - 2) < ev.fragility(YI, VI, sd=2).people <= 4 * base.people


def test_where_trials_differ_none_may_be_large_enough():
    yi = np.tile([0.5, 0.9], 8)
    found = ev.fragility(ev.pool(yi, np.full(16, 0.01), test="z"))
    assert found.people is None and "No null trial" in found.sentence() and found.people_reason
    assert excludes(ev.pool([*yi, 0.0], [*np.full(16, 0.01), 1e-9], test="z"))


def test_a_posterior_is_updated():
    found = ev.fragility(ev.bayes(YI, VI, ev.HalfNormal(0.1)))

    def refit(people):
        return ev.bayes([*YI, 0.0], [*VI, 4 / people], ev.HalfNormal(0.1))

    assert refit(found.people).mu["ci_low"] <= 0 < refit(0.97 * found.people).mu["ci_low"]
    assert found.events is None and "pool" in found.events_reason
    assert ev.fragility(ev.bayes([0.5, 0.4, 0.6, 0.5], VI)).people is None


def test_nothing_is_undone_where_no_effect_is_included():
    found = ev.fragility([0.1, -0.2, 0.3], [0.05, 0.05, 0.05])
    assert not found.excludes and found.people is None and found.events is None
    assert found.sentence() == "The 95% interval includes no effect, so that there is nothing to undo."


FITS = {
    "MH RR": lambda counts: ev.mantel_haenszel(counts, measure="RR"),
    "MH OR": lambda counts: ev.mantel_haenszel(counts, measure="OR"),
    "MH RD": lambda counts: ev.mantel_haenszel(counts, measure="RD"),
    "Peto": ev.peto,
    "REML RR": lambda counts: ev.pool(effects("RR", counts), test="z"),
    "DL OR": lambda counts: ev.pool(effects("OR", counts), method="DL", test="z"),
    "EE RD": lambda counts: ev.pool(effects("RD", counts), method="EE", test="z"),
}


def changed(counts, changes):
    """The counts with some people's outcomes changed."""
    cells = {1: ("ai", "bi"), 2: ("ci", "di")}
    full = counts.copy()
    if "bi" not in full:
        full["bi"], full["di"] = full.pop("n1") - full["ai"], full.pop("n2") - full["ci"]
    for row in changes.itertuples():
        trial = int(row.trial.split()[-1]) - 1
        event, none = cells[row.group]
        full.loc[trial, event] += row.change
        full.loc[trial, none] -= row.change
    return full


@pytest.mark.parametrize("name", FITS)
def test_the_changed_people_undo_the_result_and_no_fewer_of_them(name):
    fit = FITS[name]
    found = ev.fragility(fit(COUNTS))
    assert found.excludes and found.events == len(found.changes) > 1
    after = fit(changed(COUNTS, found.changes))
    assert not excludes(after)
    assert after.ci == pytest.approx(found.changes[["ci_low", "ci_high"]].iloc[-1].tolist(), abs=1e-8)
    assert excludes(fit(changed(COUNTS, found.changes.iloc[:-1])))
    assert f"another outcome for {found.events} people would, too" in found.sentence()


@pytest.mark.filterwarnings("ignore::evidence.SmallSample")
@pytest.mark.parametrize("name", ["MH RR", "Peto", "EE RD"])
def test_the_index_is_the_smallest_number_of_people(name):
    """All ways to change one fewer, in any trial and group."""
    fit = FITS[name]
    found = ev.fragility(fit(SMALL))
    assert found.excludes and 1 < found.events < 6
    moves = [(f"Study {trial}", group, change) for trial in (1, 2) for group, change in ((1, 1), (2, -1))]
    for chosen in itertools.combinations_with_replacement(moves, found.events - 1):
        assert excludes(fit(changed(SMALL, pd.DataFrame(chosen, columns=["trial", "group", "change"]))))


@pytest.mark.parametrize("name", FITS)
def test_other_groups_are_as_fragile(name):
    """Groups exchanged: the same people change."""
    swapped = COUNTS.rename(columns={"ai": "ci", "ci": "ai", "n1": "n2", "n2": "n1"})
    found, other = ev.fragility(FITS[name](COUNTS)), ev.fragility(FITS[name](swapped))
    assert other.events == found.events
    assert (3 - other.changes["group"]).tolist() == found.changes["group"].tolist()


def test_reverse_fragility():
    weak = COUNTS.assign(ai=[18, 14, 27])
    found = ev.fragility(ev.mantel_haenszel(weak, measure="RR"))
    assert not found.excludes and found.people is None and found.events == len(found.changes) > 1
    assert excludes(ev.mantel_haenszel(changed(weak, found.changes), measure="RR"))
    assert not excludes(ev.mantel_haenszel(changed(weak, found.changes.iloc[:-1]), measure="RR"))
    assert "it would exclude no effect" in found.sentence()


def test_a_null_trial_of_counts_has_the_risk_of_group_two():
    fit = ev.mantel_haenszel(COUNTS, measure="RR")
    found = ev.fragility(fit)
    risk = COUNTS["ci"].sum() / COUNTS["n2"].sum()

    def refit(people):
        null = pd.DataFrame({"ai": [people / 2 * risk], "n1": [people / 2], "ci": people / 2 * risk, "n2": people / 2})
        return ev.mantel_haenszel(pd.concat([COUNTS, null]), measure="RR")

    assert not excludes(refit(found.people)) and excludes(refit(found.people - 2))
    fit = ev.pool(effects("RR"), method="EE", test="z")
    pooled = ev.fragility(fit)
    null = 2 * (1 / risk - 1) * 2 / pooled.people
    assert not excludes(ev.pool([*fit.yi, 0.0], [*fit.vi, null], method="EE", test="z"))
    assert excludes(ev.pool([*fit.yi, 0.0], [*fit.vi, 1.01 * null], method="EE", test="z"))
    assert ev.fragility(fit, sd=1).people != pooled.people


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        (lambda: ev.pool(YI, VI), "did not come in a frame"),
        (lambda: ev.pool(pd.DataFrame({"yi": YI, "vi": VI})), "has no counts"),
        (lambda: ev.pool(effects("RR").assign(yi=lambda f: f["yi"] + 0.1), test="z"), "do not make its effect sizes"),
    ],
)
def test_why_there_is_no_index(fit, words):
    found = ev.fragility(fit())
    assert found.events is None and words in found.events_reason and words in found.summary()
    assert found.changes.empty


def test_fits_of_counts_need_their_frame():
    arrays = [COUNTS[name].tolist() for name in ("ai", "ci")]
    fit = ev.peto(arrays[0], None, arrays[1], None, n1=[60, 50, 90], n2=[60, 50, 90])
    with pytest.raises(ev.NotEstimable, match="in a frame"):
        ev.fragility(fit)
    with pytest.raises(ev.InvalidInput, match="neither sd nor ni"):
        ev.fragility(ev.peto(COUNTS), sd=1)
    with pytest.raises(ev.InvalidInput, match="leave vi out"):
        ev.fragility(ev.peto(COUNTS), VI)


def test_the_frame_has_one_row():
    found = ev.fragility(ev.peto(COUNTS))
    frame = found.to_frame()
    assert frame.loc[0, "events"] == found.events and frame.loc[0, "people"] == found.people
