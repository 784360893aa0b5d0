"""All models of the same rows: each row is the model's own number, and dependence between rows is respected."""

import warnings

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.sensitivity.one_per_trial import one_per_trial
from evidence.sensitivity.poolings import MODELS


def rows(seed=1, trials=16):
    rng = np.random.default_rng(seed)
    study = np.repeat(np.arange(trials), rng.integers(1, 4, trials))
    vi = rng.uniform(0.005, 0.08, len(study))
    yi = 0.3 + rng.normal(0, 0.2, trials)[study] + rng.normal(0, np.sqrt(vi))
    return pd.DataFrame({"study": [f"trial {i}" for i in study], "yi": yi, "vi": vi})


def numbers_of(fit):
    return [fit.estimate, fit.se, *fit.ci, fit.p_value, fit.tau2]


def test_one_per_trial_by_hand():
    frame = pd.DataFrame({"study": ["b", "a", "b"], "yi": [0.2, 0.7, 0.4], "vi": [0.04, 0.02, 0.16]})
    found = one_per_trial(frame, 0.5)
    # var of a mean of two with errors 0.2 and 0.4 and correlation 0.5: (0.04 + 0.16 + 2 * 0.5 * 0.08) / 4
    assert found["study"].to_list() == ["b", "a"]
    assert found["yi"].to_list() == pytest.approx([0.3, 0.7])
    assert found["vi"].to_list() == pytest.approx([0.07, 0.02])
    # errors of one source average like one number, those of none like independent ones
    assert one_per_trial(frame, 1)["vi"].iloc[0] == pytest.approx(0.3**2)
    assert one_per_trial(frame, 0)["vi"].iloc[0] == pytest.approx(0.05)


def test_rows_are_the_models_own_numbers():
    frame = rows()
    models = ev.all_models(frame, rho=0.5).models
    trials = one_per_trial(frame, 0.5)
    highest = frame.loc[frame.groupby("study")["yi"].idxmax()]
    lowest = frame.loc[frame.groupby("study")["yi"].idxmin()]
    own = {
        "all rows": ev.pool(frame),
        "one per trial": ev.pool(trials),
        "highest per trial": ev.pool(highest),
        "lowest per trial": ev.pool(lowest),
        "three-level": ev.multilevel(frame, V=frame["vi"].to_numpy(), robust=None),
        "correlated and hierarchical, CR2": ev.multilevel(frame, rho=0.5),
    }
    columns = ["estimate", "se", "ci_low", "ci_high", "p_value", "tau2"]
    for name, fit in own.items():
        assert models.loc[name, columns].to_list() == pytest.approx(numbers_of(fit), rel=1e-9), name
        assert models.loc[name, ["k", "trials"]].to_list() == [fit.k, len(trials)], name
    adjusted = ev.bias_table(ev.pool(trials)).estimates
    for name in ("PET-PEESE", "WAAP", "selection, one step"):
        assert models.loc[name, "estimate"] == pytest.approx(adjusted.loc[name, "estimate"])
        assert models.loc[name, ["group", "trust"]].to_list() == ["bias", adjusted.loc[name, "trust"]]
    assert models.loc["lowest per trial", "estimate"] < models.loc["highest per trial", "estimate"]


def test_outliers_and_influential_trials_leave():
    frame = rows()
    far = pd.concat([frame, pd.DataFrame({"study": ["far away"], "yi": [4.0], "vi": [0.01]})], ignore_index=True)
    models = ev.all_models(far).models
    trials = one_per_trial(far, 0.6)
    fit = ev.pool(trials)
    half = 1.959963984540054 * np.sqrt(trials["vi"])
    keep = (trials["yi"] + half >= fit.ci.low) & (trials["yi"] - half <= fit.ci.high)
    assert not keep.iloc[-1]
    assert models.loc["without outliers", "estimate"] == pytest.approx(ev.pool(trials[keep]).estimate)
    assert models.loc["without influential trials", "k"] < len(trials)
    assert models.loc["without influential trials", "estimate"] < 0.6 < models.loc["one per trial", "estimate"] + 0.2


def test_subsets_by_mask_by_column_and_by_what_columns_hold():
    frame = rows().assign(risk_of_bias="high", masked="no")
    first = frame["study"].isin(["trial 0", "trial 1", "trial 2", "trial 3"])
    frame.loc[first, ["risk_of_bias", "masked"]] = ["low", "yes"]
    frame["chosen"] = first
    expected = ev.pool(one_per_trial(frame[first], 0.6)).estimate
    told = {
        "series": first.sample(frac=1, random_state=1),
        "mask": first.to_numpy(),
        "column": "chosen",
        "value": {"risk_of_bias": "low"},
        "two values": {"risk_of_bias": ["low", "some"], "masked": "yes"},
    }
    models = ev.all_models(frame, subsets=told).models
    for name in told:
        assert models.loc[name, ["group", "k"]].to_list() == ["subset", 4], name
        assert models.loc[name, "estimate"] == pytest.approx(expected), name
    assert list(models.index).index("value") < list(models.index).index("three-level")
    mine = ev.all_models(frame, subsets={"the others": ~first, "nobody": np.zeros(len(frame))}).models
    assert mine.loc["the others", "k"] == 12 and "low risk of bias" not in mine.index
    assert mine.loc["nobody", ["trust", "note"]].to_list() == ["no", "no trial in it"]


@pytest.mark.parametrize(
    ("subsets", "words"),
    [
        ({"half": [True]}, "'half' has 1 values"),
        ({"half": "nowhere"}, "no column 'nowhere'"),
        ({"half": {"nowhere": 1}}, "no column 'nowhere'"),
        ({"half": "study"}, "one bool a row"),
        ({"half": None}, "'half' is missing"),
        ({"half": {}}, "names no column"),
        ([True, False], "mapping"),
        ("low", "mapping"),
    ],
)
def test_subsets_of_the_wrong_kind(subsets, words):
    with pytest.raises(ev.InvalidInput, match=words):
        ev.all_models(rows(), subsets=subsets)


def test_rows_come_as_arrays_as_a_frame_or_as_a_fit():
    frame = rows()
    expected = ev.all_models(frame).models
    renamed = frame.rename(columns={"study": "paper"})
    given = {
        "arrays": ev.all_models(frame["yi"].to_numpy(), frame["vi"].to_numpy(), study=frame["study"].to_numpy()),
        "another column": ev.all_models(renamed, study="paper"),
        "fit": ev.all_models(ev.pool(frame)),
    }
    for name, found in given.items():
        pd.testing.assert_frame_equal(found.models, expected, obj=name)
    by_label = frame.set_axis([f"row {i}" for i in range(len(frame))])
    shuffled = by_label["study"].sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(ev.all_models(by_label["yi"], by_label["vi"], study=shuffled).models, expected)
    alone = ev.all_models(frame["yi"], frame["vi"]).models
    assert alone.loc["one per trial", ["k", "trials"]].to_list() == [len(frame)] * 2
    with pytest.raises(ev.InvalidInput, match="row 2 has no study"):
        ev.all_models(frame.assign(study=["a", None, *frame["study"][2:]]))


def test_the_models_of_the_table_are_those_of_the_registry():
    found = ev.all_models(rows()).models
    assert found.index[found["group"] != "bias"].to_list() == list(MODELS)


def test_order_and_missing_rows_do_not_matter():
    frame = rows()
    shuffled = frame.sample(frac=1, random_state=1)
    holes = pd.concat([shuffled, pd.DataFrame({"study": ["none"], "yi": [np.nan], "vi": [0.1]})])
    assert ev.all_models(holes).models["estimate"].to_numpy() == pytest.approx(
        ev.all_models(frame).models["estimate"].to_numpy(), rel=1e-5, nan_ok=True
    )


def test_independent_trials_need_no_dependence():
    models = ev.all_models(rows().drop_duplicates("study")).models
    for name in ("highest per trial", "lowest per trial", "one per trial"):
        assert models.loc[name, "estimate"] == models.loc["all rows", "estimate"]
    assert models.loc["all rows", "trust"] == "yes"
    assert models.loc["three-level", "trust"] == "no" and "ev.pool is the model" in models.loc["three-level", "note"]


def test_few_trials_are_not_passed_off_as_a_pool():
    frame = rows()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = ev.all_models(frame.iloc[:1]).models
        two = ev.all_models(frame.drop_duplicates("study").iloc[:2]).models
    assert one.loc["all rows", ["trust", "note"]].to_list() == ["caution", "one trial, not a pooled result"]
    assert "PET-PEESE" not in one.index
    assert two.loc["one per trial", "note"] == "two studies say next to nothing about how much effects vary"


def test_the_user_is_told_what_is_wrong_and_what_came_out():
    frame = rows()
    with pytest.raises(ev.InvalidInput, match="no column study"):
        ev.all_models(frame.drop(columns="study"))
    with pytest.raises(ev.InvalidInput, match=r"rho 1\.5"):
        ev.all_models(frame, rho=1.5)
    found = ev.all_models(frame)
    assert found.to_frame()["model"].to_list() == found.models.index.to_list()
    assert found.summary().startswith(f"{len(found.models)} ways to pool the same rows\nall rows: ")
    assert f"Of {len(found.models)} ways" in found.sentence() and "can be used" in found.sentence()
    assert "correlated and hierarchical" in found._repr_html_()
