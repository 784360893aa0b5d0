"""ev.pool_many: the numbers of pool, group by group, for any number of groups."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev
from evidence.models.engine import engine


def data(seed, rows, groups):
    rng = np.random.default_rng(seed)
    vi = rng.uniform(0.01, 0.5, rows)
    return pd.DataFrame({"g": rng.integers(0, groups, rows), "yi": rng.normal(0.2, np.sqrt(vi + 0.1)), "vi": vi})


@pytest.mark.parametrize(("method", "test"), [("REML", "hksj-adhoc"), ("DL", "z"), ("EE", "hksj"), ("PMM", "t")])
@pytest.mark.filterwarnings("ignore::evidence.errors.SmallSample")
def test_equals_one_by_one(method, test):
    frame = data(1, 400, 60)
    table = ev.pool_many(frame["g"], frame["yi"], frame["vi"], method=method, test=test)
    assert list(table.index) == sorted(frame["g"].unique())
    for g, part in frame.groupby("g"):
        alone = ev.pool(part["yi"].to_numpy(), part["vi"].to_numpy(), method=method, test=test).to_frame().iloc[0]
        assert table.loc[g].to_numpy(float) == pytest.approx(alone.to_numpy(float), rel=1e-13, nan_ok=True)


def test_chunks_change_nothing(monkeypatch):
    frame = data(2, 5000, 400)
    whole = ev.pool_many(frame["g"], frame["yi"], frame["vi"])
    monkeypatch.setattr(engine, "_BLOCK", 97)
    pd.testing.assert_frame_equal(ev.pool_many(frame["g"], frame["yi"], frame["vi"]), whole, check_exact=True)


def test_order_of_rows_changes_nothing():
    frame = data(3, 1000, 50)
    mixed = frame.sample(frac=1, random_state=1)
    a, b = (ev.pool_many(f["g"], f["yi"], f["vi"]) for f in (frame, mixed))
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "labels",
    [
        np.array([3, 1, 2]),
        np.array([0.5, np.nan, 0.25]),
        np.array(["b", "c", "a"]),
        np.array(["b", None, "a"], dtype=object),
        np.array(["b", pd.NA, "a"], dtype=object),
        np.array(["b", 2, 1], dtype=object),
        np.array(["2020-01-02", "NaT", "2020-01-01"], dtype="datetime64[D]"),
        pd.Series(["b", "c", "a"], name="trial"),
        pd.Series([3, None, 1], dtype="Int64"),
        pd.Series(pd.Categorical(["low", "high", "low"], ["low", "high"])),
    ],
    ids=str,
)
@pytest.mark.parametrize("rows", [[0, 0, 1, 2, 2], [2, 0, 1, 0, 2], [1, 1, 1, 1, 0]])
@pytest.mark.filterwarnings("ignore:.*no group:evidence.Incomplete")
def test_labels_of_every_kind_are_grouped_as_pandas_does(labels, rows):
    group = labels.take(rows)
    if isinstance(group, pd.Series):
        group = group.reset_index(drop=True)
    codes, expected = pd.factorize(group, sort=True)
    yi = np.array([0.1, 0.2, 0.4, 0.8, 1.6])
    table = ev.pool_many(group, yi, np.ones(5), method="EE")
    pd.testing.assert_index_equal(table.index, pd.Index(expected), check_names=False)
    assert table["estimate"].tolist() == pytest.approx([yi[codes == i].mean() for i in range(len(expected))])


def test_more_groups_than_sixteen_bits_hold():
    rng = np.random.default_rng(4)
    group, yi = rng.integers(0, 70_000, 90_000), rng.normal(size=90_000)
    table = ev.pool_many(group, yi, np.ones(90_000), method="EE")
    expected = pd.Series(yi).groupby(group).mean()
    assert table.index.tolist() == expected.index.tolist()
    np.testing.assert_allclose(table["estimate"], expected, rtol=1e-9, atol=1e-12)


def test_names_missing_values_and_empty_groups():
    review = pd.Series(["b", "a", None, "c", "a"], name="review")
    with pytest.warns(ev.Incomplete) as told:
        table = ev.pool_many(review, [0.1, 0.2, 0.3, np.nan, 0.4], [0.1, 0.1, 0.1, 0.1, 0.1])
    assert [str(one.message).split(":")[0] for one in told] == [
        "1 of 5 rows has no group and is left out",
        "1 of 3 groups lack numbers, see the column note",
    ]
    assert table["note"].tolist() == ["", "", "no study with both yi and vi"]
    assert table.index.name == "review"
    assert list(table["k"]) == [2, 1, 0]
    assert np.isnan(table.loc["c", "estimate"])


def test_a_group_that_pool_refuses_keeps_what_can_be_had_and_says_what_cannot():
    frame = pd.DataFrame({"g": list("aaabbbcc"), "yi": [1, 1, 1, 1, 2, 4, 3, 3], "vi": [1, 2, 3, 1, 1, 1, 0, 1]})
    with pytest.warns(ev.Incomplete, match=r"2 of 3 groups lack numbers.*hksj.*\(1\)"):
        table = ev.pool_many(frame["g"], frame["yi"], frame["vi"], test="hksj")
    assert table["estimate"].tolist() == pytest.approx([1, 7 / 3, np.nan], nan_ok=True)
    assert table["tau2"].tolist() == pytest.approx([0, 4 / 3, 0])
    assert table[["se", "ci_low", "p_value", "pi_high"]].isna().all(axis=1).tolist() == [True, False, True]
    assert (table["note"] != "").tolist() == [True, False, True]
    for name, group in frame.groupby("g"):
        if table.loc[name, "note"]:
            with pytest.raises(ev.NotEstimable):
                ev.pool(group, test="hksj")
    with pytest.warns(ev.Incomplete, match="2 of 3"):
        by = ev.pool(frame, by="g", test="hksj")
    pd.testing.assert_frame_equal(by.set_index("g"), table, check_index_type=False)
    with pytest.raises(ev.NotEstimable, match="group a of 'g': all yi are equal"):
        ev.subgroups(frame, "g", test="hksj")


def test_tables_of_refits_say_which_lack_what():
    fit = ev.pool([1, 1, 1, 2.5], [1, 1, 2, 1], test="hksj", slab=list("ABCD"))
    with pytest.warns(ev.Incomplete, match="1 of 4 rows"):
        without = ev.leave_one_out(fit)
    assert without.loc["D", "estimate"] == 1 and np.isnan(without.loc["D", "se"])
    assert (without["note"] != "").tolist() == [False, False, False, True]
    with pytest.warns(ev.Incomplete, match="2 of 4 rows"):
        added = ev.cumulative(fit)
    assert added["estimate"].tolist()[:3] == [1, 1, 1] and (added["note"] != "").tolist() == [False, True, True, False]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
@pytest.mark.parametrize("of", ["ab", [1, 2], [1.5, 2.5]])
def test_a_missing_group_is_none_on_every_processor(missing, of):
    # a cast of NaN to an integer gives another group on another processor; numpy warns, which is an error in tests
    frame = pd.DataFrame({"g": [missing, of[0], of[0], of[1], of[1]], "yi": [9.0, 0.1, 0.2, 0.4, 0.5], "vi": 0.1})
    expected = [0.15, 0.45]
    with np.errstate(all="raise"):
        for table in (lambda: ev.pool(frame, by="g"), lambda: ev.pool_many(frame["g"], frame["yi"], frame["vi"])):
            with pytest.warns(ev.Incomplete, match="1 of 5 rows has no group"):
                assert table()["estimate"].tolist() == pytest.approx(expected)
        for spread in ("separate", "common"):
            with pytest.warns(ev.Incomplete, match="1 of 5 rows has no group"):
                groups = ev.subgroups(frame, "g", tau2=spread).groups
            assert groups["estimate"].tolist() == pytest.approx(expected)


def test_refusals():
    with pytest.raises(ev.InvalidInput, match="agree"):
        ev.pool_many([1, 2], [0.1], [0.1])
    with pytest.raises(ev.InvalidInput, match="negative"):
        ev.pool_many([1, 1], [0.1, 0.2], [0.1, -1])
    with pytest.raises(ev.InvalidInput, match="GENQ"):
        ev.pool_many([1, 1], [0.1, 0.2], [0.1, 1], method="GENQ")
    with pytest.raises(ev.InvalidInput, match="no group"):
        ev.pool_many([], [], [])


def test_every_column_is_that_of_one_pool_computed_again():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"group": np.repeat(list("abc"), 6), "yi": rng.normal(0.3, 0.5, 18)})
    frame["vi"] = rng.uniform(0.02, 0.2, 18)
    for method, test in (("REML", "hksj"), ("DL", "z"), ("EE", "z")):
        table = ev.pool_many(frame["group"], frame["yi"], frame["vi"], method=method, test=test).reset_index()
        for row in table.to_dict("records"):
            own = frame[frame["group"] == row["group"]]
            w = 1 / (own["vi"] + row["tau2"])
            estimate, k = np.average(own["yi"], weights=w), len(own)
            spread = (w * (own["yi"] - estimate) ** 2).sum() / (k - 1)
            se = np.sqrt((spread if test == "hksj" else 1) / w.sum())
            df = k - 1 if test == "hksj" else np.inf
            crit = stats.t.ppf(0.975, df)
            fixed = 1 / own["vi"]
            q = (fixed * (own["yi"] - np.average(own["yi"], weights=fixed)) ** 2).sum()
            s2 = (k - 1) * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
            i2 = max(0.0, 100 * (q - k + 1) / q) if method == "EE" else 100 * row["tau2"] / (row["tau2"] + s2)
            h2 = q / (k - 1) if method == "EE" else 1 + row["tau2"] / s2
            expected = {
                "k": k, "estimate": estimate, "se": se, "ci_low": estimate - crit * se, "ci_high": estimate + crit * se,
                "statistic": estimate / se, "df": df, "p_value": 2 * stats.t.sf(abs(estimate / se), df), "i2": i2,
                "h2": h2, "q": q, "q_df": k - 1, "q_p": stats.chi2.sf(q, k - 1),
            }  # fmt: skip
            if method != "EE":
                around = crit * np.sqrt(se**2 + row["tau2"])
                expected |= {"pi_low": estimate - around, "pi_high": estimate + around}
            assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9, abs=1e-12)
            assert np.isnan(row["pi_low"]) == (method == "EE")
