"""The multiverse: each row is the pool one would make by hand, the headline stands first, nothing counts twice."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.answers.multiverse import multiverse as multiverse_module
from evidence.answers.multiverse.sets import _ROUTES, DATA_CHOICES, OPTIONS, TrialSet, TrialSets
from evidence.answers.multiverse.words import CHOICES as SAID
from evidence.models.wording import number
from evidence.plots import unreadable
from evidence.sensitivity.one_per_trial import one_per_trial

QUESTION = {"condition": "chronic_overuse", "comparator": "sham", "outcome": "pain", "time": "short"}
NUMBERS = ["k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2"]
CHOICES = ["measure", "routes", "confidence", "directness", "risk_of_bias", "blinded"]
CHOICES += ["integrity", "leave_out", "method", "test"]


@pytest.fixture(scope="module")
def frame(db):
    return ev.multiverse(db, QUESTION).to_frame()


def numbers_of(fit):
    return fit.to_frame()[NUMBERS].iloc[0].to_list()


def test_the_headline_is_the_pool_of_the_effects_frame(db, frame):
    assert frame.columns.to_list() == [*CHOICES, "set", *NUMBERS, "note"]
    assert frame.iloc[0][NUMBERS].to_list() == pytest.approx(numbers_of(ev.pool(db.select(**QUESTION).effects())))
    assert frame.loc[0, CHOICES].to_list() == ["SMD", *["all"] * 5, "no serious concern", "none", "REML", "hksj-adhoc"]


def test_the_headline_is_what_the_table_says(db):
    """For every question about pain, whether two trials answer it or ten."""
    table = ev.pooled_table(db.select(outcome="pain", time="short").effects(), db)
    fixed = {name: ["all"] for name in ("routes", "confidence", "directness", "risk_of_bias")} | {"leave_out": ["none"]}
    models = set()
    for row in table[(table["k"] > 1) & (table["condition"] != "other")].to_dict("records"):
        asked = {name: row[name] for name in ("condition", "comparator", "outcome", "time")}
        found = ev.multiverse(db, asked, fixed | {"measure": ["SMD"]})
        first = found.to_frame().iloc[0]
        names = ["k", "estimate", "se", "ci_low", "ci_high"]
        assert first[names].to_list() == pytest.approx([row[name] for name in names])
        assert (first["method"] == "Bayes") == row["model"].startswith("Bayes") == np.isnan(first["p_value"])
        assert f"gives {number(row['estimate'])} (" in found.sentence()
        models.add(first["method"])
    assert models == {"Bayes", "REML"}


def test_bayes_is_one_of_the_models(db, frame):
    own = frame[(frame["method"] == "Bayes") & (frame["note"] == "")]
    assert set(own["test"]) == {"posterior"} and own["p_value"].isna().all() and len(own) > 3
    post = ev.bayes(db.select(**QUESTION).effects(), tau_prior=ev.HalfNormal(0.5))
    expected = [*post.mu[["median", "sd", "ci_low", "ci_high"]], post.tau["median"] ** 2]
    assert own.iloc[0][["estimate", "se", "ci_low", "ci_high", "tau2"]].to_list() == pytest.approx(expected)
    assert set(ev.multiverse(db, QUESTION, {"method": ["Bayes"]}).to_frame()["method"]) == {"Bayes"}
    points = ev.multiverse(db, QUESTION, {"measure": ["MD100"], "method": ["Bayes"]}).to_frame().iloc[0]
    scale = 0.5 * ev.reference_sd(db).loc["pain", "sd"]
    post = ev.bayes(db.select(**QUESTION).effects("MD100"), tau_prior=ev.HalfNormal(scale))
    assert points["estimate"] == pytest.approx(post.mu["median"])


def test_a_measure_without_a_prior_has_no_posterior(db):
    question = QUESTION | {"condition": "osteoarthritis", "outcome": "responder"}
    assert "Bayes" not in set(ev.multiverse(db, question, {"measure": ["RD"]}).to_frame()["method"])
    with pytest.raises(ev.InvalidInput, match=r"'Bayes' needs a prior, and priors\.csv has none for RD"):
        ev.multiverse(db, question, {"measure": ["RD"], "method": ["Bayes"]})


def test_equal_effects_say_why_they_have_no_interval(db, monkeypatch):
    twins = TrialSet(dict.fromkeys(CHOICES[:7], "all"), np.array([0.3, 0.3]), np.array([0.04, 0.02]), "")
    alone = TrialSets([twins], np.zeros([1] * len(DATA_CHOICES), dtype=int))
    monkeypatch.setattr(multiverse_module, "trial_sets", lambda *_: alone)
    found = ev.multiverse(db, QUESTION).to_frame().set_index(["method", "test"])
    bare = found.loc[("REML", "hksj")]
    assert "all effects are equal" in bare["note"] and bare["k"] == 0 and np.isnan(bare["tau2"])
    rest = found.drop(index="hksj", level="test")
    assert (rest["note"] == "").all() and (rest["k"] == 2).all() and rest["estimate"].notna().all()
    assert found.index[0] == ("Bayes", "posterior")


def test_every_specification_is_the_pool_made_by_hand(db, frame):
    bases = {"all": db.select(**QUESTION), "high": db.select(**QUESTION, min_confidence="high")}
    spread = ev.reference_sd(db).loc["pain", "sd"]
    checked = 0
    for row in frame[frame["method"].isin(["REML", "SJ"]) & (frame["test"] != "hksj")].to_dict("records"):
        effects = bases[row["confidence"]].effects(row["measure"])
        if row["confidence"] == "high":
            effects = effects[effects["confidence"] == "high"]
        if row["routes"] != "all":
            gone = ["counts", "printed ratio"] + (["exact p", "means and exact p"] if row["routes"] == "scores" else [])
            effects = effects[~effects["route"].isin(gone)]
        if row["directness"] != "all":
            effects = effects[effects["directness"] == row["directness"]]
        if row["risk_of_bias"] != "all":
            effects = effects[effects["risk_of_bias"] != "high"]
        if row["measure"] == "MD100":
            effects = effects.assign(yi=effects["yi"] / spread, vi=effects["vi"] / spread**2)
        if row["leave_out"] != "none" and len(effects) > 2:
            fit = ev.pool(effects)
            half = 1.959963984540054 * np.sqrt(fit.vi)
            near = (fit.yi + half >= fit.ci.low) & (fit.yi - half <= fit.ci.high)
            effects = effects[near if row["leave_out"] == "outliers" else ~ev.influence(fit).influential.to_numpy(bool)]
        if row["note"]:
            assert len(effects) <= 2 and row["k"] == 0 and np.isnan([row[name] for name in NUMBERS[1:]]).all()
        elif len(effects) > 2:
            fit = ev.pool(effects, method=row["method"], test=row["test"])
            assert [row[name] for name in NUMBERS] == pytest.approx(numbers_of(fit), rel=1e-7, abs=1e-9)
            checked += 1
    assert checked > 15


def test_nothing_counts_twice_and_every_set_meets_every_model(frame):
    sets, models = frame["set"].nunique(), 4 * 3 + 1
    assert len(frame) == sets * models and not frame.duplicated(CHOICES).any()
    assert frame["set"].to_list() == sorted(frame["set"])
    reml = frame[(frame["method"] == "REML") & (frame["test"] == "z") & frame["estimate"].notna()]
    assert not reml[["k", "estimate", "se"]].round(9).duplicated().any()
    assert (frame["note"] == "").equals(frame["estimate"].notna())


def test_the_executor_changes_nothing(db, frame):
    with ThreadPoolExecutor(2) as threads:
        pd.testing.assert_frame_equal(ev.multiverse(db, QUESTION, executor=threads).to_frame(), frame)


def test_choices_can_be_fixed_and_widened(db):
    chosen = {"measure": "MD100", "routes": ["all"], "leave_out": ["none"], "method": ["EE"], "test": ["z"]}
    chosen |= {"directness": ["all"], "risk_of_bias": ["all"]}
    one = ev.multiverse(db, QUESTION, {**chosen, "confidence": ["all"]}).to_frame()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)  # two trials today
        fit = ev.pool(db.select(**QUESTION).effects("MD100"), method="EE", test="z")
    assert len(one) == 1  # points stay points where no SMD stands beside them
    assert one.iloc[0][NUMBERS].to_list() == pytest.approx(numbers_of(fit))
    blinded = ev.multiverse(db, QUESTION, {**chosen, "measure": ["SMD"], "blinded": ["all", "yes"]}).to_frame()
    effects = db.select(**QUESTION).effects()
    own = blinded.loc[blinded["blinded"].eq("yes") & blinded["confidence"].eq("all"), "k"]
    assert own.to_list() == [(effects["participants_blinded"] == "yes").sum()]


def test_several_effects_of_a_trial_enter_as_their_mean(db):
    question = {name: value for name, value in QUESTION.items() if name != "time"}
    effects = db.select(**question).effects()
    assert effects["study"].duplicated().any()
    only = {"measure": ["SMD"], "leave_out": ["none"], "routes": ["all"], "confidence": ["all"], "directness": ["all"]}
    found = ev.multiverse(db, question, only).to_frame().iloc[0]
    assert found[NUMBERS].to_list() == pytest.approx(numbers_of(ev.pool(one_per_trial(effects, 0.6))))


def test_every_route_of_the_data_is_known(db):
    routes = {route for measure in ("SMD", "MD100", "ROM", "RR", "OR", "RD") for route in db.effects(measure)["route"]}
    assert routes <= set(_ROUTES["all"])
    assert set(_ROUTES["scores"]) < set(_ROUTES["scores and p values"]) < set(_ROUTES["all"])


def test_what_cannot_be_asked_is_refused(db):
    for choices, words in (
        ({"week": ["4"]}, "choice 'week' is unknown; choose among measure, routes"),
        ({"method": ["REML", "magic"]}, "choice 'method': 'magic' is unknown; there are EE"),
        ({"test": []}, "one or more options"),
        ({"test": ["z", "z"]}, "each once"),
        ({"measure": ["SMD", "RR"]}, "only SMD and MD100"),
    ):
        with pytest.raises(ev.InvalidInput, match=words):
            ev.multiverse(db, QUESTION, choices)
    with pytest.raises(ev.InvalidInput, match="comparator='shame'"):
        ev.multiverse(db, {**QUESTION, "comparator": "shame"})
    asked = db.effects("SMD").groupby(list(QUESTION))["study"].nunique()
    alone = dict(zip(QUESTION, asked.index[asked == 1][0], strict=True))
    with pytest.raises(ev.NotEstimable, match="one trial: nothing to pool"):
        ev.multiverse(db, alone)


def test_the_sentence_says_what_the_frame_holds(frame):
    found = frame.dropna(subset=["estimate"])
    above = int((found["ci_low"] > 0).sum())
    words = ev.Multiverse(frame, 0.95).sentence()
    assert f"{len(found)} of {len(frame)} specifications" in words and "no test" in words
    assert f"from {number(found['estimate'].min())} to {number(found['estimate'].max())}" in words
    assert f"{above} ({100 * above / len(found):.0f}%) lie above no effect" in words and "below" not in words
    assert f"gives {number(frame.loc[0, 'estimate'])} (" in words
    crossing = ev.Multiverse(frame.assign(ci_low=-1.0, ci_high=1.0), 0.95).sentence()
    assert "intervals none excludes no effect" in crossing
    both = frame.assign(ci_low=np.where(frame.index == 0, 0.1, -2), ci_high=np.where(frame.index == 0, 0.2, -1))
    assert f"1 ({100 / len(found):.0f}%) lie above no effect and" in ev.Multiverse(both, 0.95).sentence()


def test_the_frame_is_what_the_specification_curve_draws(frame):
    ax = ev.plots.specification_curve(frame, headline=0, worthwhile=0.5)
    (panel,) = ax.child_axes
    rows = [text.get_text() for text in panel.get_yticklabels() if text.get_text()]
    headings = [text.get_text() for text in panel.texts]
    assert headings[0] == "measure" and "directness" not in headings and headings[-1] == "test"
    assert rows[:2] == ["SMD", "MD100"] and rows[-4:] == ["hksj-adhoc", "hksj", "z", "posterior"]
    assert unreadable(ax.figure) == []


def test_points_stand_beside_standardised_differences_in_standard_deviations(db):
    question = QUESTION | {"comparator": "usual_care", "outcome": "disability"}
    choices = {name: ["all"] for name in ("routes", "confidence", "directness", "risk_of_bias", "blinded")}
    choices |= {"measure": ["SMD", "MD100"], "leave_out": ["none"], "method": ["REML"], "test": ["hksj-adhoc"]}
    found = ev.multiverse(db, question, choices).to_frame().set_index("measure")
    effects, spread = db.select(**question).effects("MD100"), ev.reference_sd(db).loc["disability", "sd"]
    fit = ev.pool(effects["yi"] / spread, effects["vi"] / spread**2)
    row = found.loc["MD100"]
    assert row["k"] == len(effects) > 2
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx((fit.estimate, *fit.ci))


def test_the_sentence_names_the_three_choices_that_move_most_in_points(db):
    found = ev.multiverse(db, QUESTION)
    said, top = found.sentence(), found.moves.head(3)
    assert said.startswith(f"All reasonable ways to compute this: {found.in_short()}.")
    for choice, change in zip(top["choice"], top["change"] * found.points, strict=True):
        amount = f"{number(change, 1)} points of 100" if change >= 0.95 else "less than 1 point of 100"
        assert f"{SAID[choice].whether} ({amount})" in said
    for choice in found.moves["choice"][3:]:
        assert f"{SAID[choice].whether} (" not in said
    turning = found.moves.loc[found.moves["turned"].idxmax()]
    assert f"turns most often on {SAID[turning['choice']].whether}: in {100 * turning['turned']:.0f}% of" in said
    for measure, unit in (("RR", "0.30 on the log scale"), ("SMD", "0.30 SD"), ("RD", "0.30 of the risk difference")):
        table = pd.DataFrame({"choice": ["method"], "pairs": [4], "change": [0.3], "turned": [0.001]})
        bare = ev.Multiverse(found.specifications.assign(measure=measure), 0.95, table)
        assert f"({unit})" in bare.most_moving() and "in under 1% of" in bare.most_moving()
    still = ev.Multiverse(found.specifications, 0.95, table.assign(change=0.0))
    assert still.most_moving() == "No choice moves the estimate."


def test_a_share_is_told_as_it_is(frame):
    def told(**columns):
        return ev.Multiverse(frame.assign(estimate=0.5, **{"ci_high": 1.0, **columns}), 0.95)

    once, n = np.where(frame.index == 0, 0.1, -1), len(frame)
    assert told(ci_low=-1).in_short() == f"0% exclude no effect ({n} specifications)"
    assert n > 200 and told(ci_low=once).in_short().startswith("under 1% exclude no effect (")
    assert told(ci_low=-once).in_short().startswith("over 99% exclude")
    assert told(ci_low=-1, ci_high=-0.1).in_short().startswith("100% exclude")
    one = ev.Multiverse(frame.head(1).assign(estimate=0.5, ci_low=0.1, ci_high=1.0), 0.95)
    assert one.in_short() == "100% excludes no effect (1 specification)" and one.most_moving() == ""


def test_every_choice_and_option_has_its_words():
    assert tuple(SAID) == (*DATA_CHOICES, "method", "test")
    for choice, options in OPTIONS.items():
        assert set(options) == set(SAID[choice].options)
