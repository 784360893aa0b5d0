"""Every function of bias and sensitivity takes the same trials, gives one kind of result, and refuses in words."""

import inspect
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.models.result import Result
from evidence.report.pages.reference import exported

pytestmark = pytest.mark.filterwarnings("ignore::evidence.SmallSample", "ignore::evidence.NotConverged")

RNG = np.random.default_rng(5)
K = 12
NAMES = [f"Trial {letter}" for letter in "ABCDEFGHIJKL"]
FRAME = pd.DataFrame({"study": NAMES, "year": RNG.permutation(K) + 2000, "n": RNG.integers(30, 300, K)}, index=NAMES)
FRAME["vi"] = 4 / FRAME["n"]
FRAME["yi"] = RNG.normal(0.4, np.sqrt(FRAME["vi"] + 0.02))
SHUFFLED = FRAME["vi"].sample(frac=1, random_state=1)

COUNTS = {"macaskill", "peters", "harbord"}  # of two-by-two tables
PLANS = {"required_information_size", "spending_boundaries"}  # take no trials
MODERATED = {"baujat", "influence", "gosh", "permutation_test", "bootstrap", "selection_model"}
QUICK = {"bootstrap": {"iterations": 40}, "gosh": {"subsets": 200}, "permutation_test": {"iterations": 100}}
ASKED = {"trial_sequential": {"order": FRAME["year"].tolist(), "delta": 0.3}}  # cannot do without
CLUSTERED = {"influence": {"multilevel"}, "leave_one_out": {"multilevel"}}
OTHER_FITS = {"next_trial": {"bayes"}, "fragility": {"bayes"}} | CLUSTERED  # serve as well
TABLES = {"leave_one_out", "cumulative", "baujat"}  # frames by contract


def public():
    rooms = ("bias", "sensitivity", "sensitivity.sequential")
    names = [path.split(".")[-1] for room in rooms for path in exported()[room]]
    return [name for name in names if name[0].islower() and name not in COUNTS | PLANS]


def run(name, *given, **more):
    return getattr(ev, name)(*given, **QUICK.get(name, {}), **{**ASKED.get(name, {}), **more})


def rows(found):
    frame = found if isinstance(found, pd.DataFrame) else found.to_frame()
    return frame.select_dtypes("number")


def fits():
    table = {"ai": [5, 8, 9], "bi": [20, 22, 30], "ci": [9, 12, 11], "di": [18, 20, 25]}
    three = FRAME.iloc[:3].assign(one=list("abc"), two=list("bca"))
    pooled = ev.pool(FRAME)
    return {
        "regress": ev.regress(FRAME, formula="~ year"),
        "multilevel": ev.multilevel(pd.concat([FRAME, FRAME.assign(yi=FRAME["yi"] + 0.1)], ignore_index=True)),
        "bayes": ev.bayes(FRAME),
        "mantel_haenszel": ev.mantel_haenszel(**table, measure="OR"),
        "peto": ev.peto(**table),
        "glmm": ev.glmm(**table),
        "network": ev.network(three, treatment1="one", treatment2="two", study="study", reference="a"),
        "robust": pooled.robust(FRAME["study"].to_numpy()),
        "egger": ev.egger(pooled),
        "gosh": ev.gosh(pooled, subsets=50),
        "influence": ev.influence(pooled),
        "bias_table": ev.bias_table(pooled),
    }


@pytest.fixture(scope="module")
def kinds_of_fit():
    return fits()


SLOW = {"bias_average"}  # half a second a call
INCOMPLETE = "frame with a row that is incomplete"
GIVEN = {
    "arrays": (FRAME["yi"].to_numpy(), FRAME["vi"].to_numpy()),
    "lists": (FRAME["yi"].tolist(), FRAME["vi"].tolist()),
    "series paired by label": (FRAME["yi"], SHUFFLED),
    "frame": (FRAME,),
    INCOMPLETE: (pd.concat([FRAME, FRAME.iloc[:1].assign(yi=np.nan, study="M")]),),
}


@pytest.mark.parametrize("name", public())
def test_arrays_series_frames_and_fits_are_the_same_trials(name):
    expected = rows(run(name, ev.pool(FRAME)))
    given = GIVEN if name not in SLOW else {way: GIVEN[way] for way in ("series paired by label", INCOMPLETE)}
    assert len(expected)
    for way, trials in given.items():
        found = rows(run(name, *trials))
        np.testing.assert_allclose(found.to_numpy(float), expected.to_numpy(float), rtol=1e-12, err_msg=way)


@pytest.mark.parametrize("name", public())
def test_a_fit_that_cannot_serve_is_refused_in_words(name, kinds_of_fit):
    for kind, fit in kinds_of_fit.items():
        if (kind == "regress" and name in MODERATED) or kind in OTHER_FITS.get(name, ()):
            assert len(rows(run(name, fit))) > 0
            continue
        with pytest.raises((ev.InvalidInput, ev.NotEstimable), match=r"trials|sampling variances") as told:
            run(name, fit)
        if kind == "regress":
            assert "not a regression" in str(told.value)


WRONG = {
    "None": (None,),
    "text": ("trials.csv",),
    "two texts": ("a", "b"),
    "a number": (0.3,),
    "dict": ({"yi": [0.1], "vi": [0.1]},),
    "object": (object(), object()),
    "set": ({0.1, 0.2}, {0.1, 0.2}),
    "effects alone": ([0.1, 0.2, 0.3],),
    "two dimensions": (np.ones((3, 2)), np.ones((3, 2))),
    "words": (["a", "b", "c"], [0.1, 0.1, 0.1]),
    "nothing": ([], []),
    "one more variance": ([0.1, 0.2, 0.3], [0.1] * 4),
    "a negative variance": ([0.1, 0.2, 0.3], [0.1, 0.1, -0.1]),
    "frame without vi": (FRAME.drop(columns="vi"),),
    "frame and vi": (FRAME, FRAME["vi"]),
    "fit and vi": (ev.pool(FRAME), FRAME["vi"]),
    "other labels": (FRAME["yi"], FRAME["vi"].rename(index={"Trial A": "Trial Z"})),
    "a function": (ev.pool,),
    "a class": (ev.Pooled,),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", public())
def test_what_is_no_trials_is_refused(name, wrong):
    with pytest.raises(ev.InvalidInput):
        run(name, *WRONG[wrong])


@pytest.mark.parametrize("name", sorted(COUNTS))
@pytest.mark.parametrize(
    "wrong", ["a", None, 3, {}, object(), np.ones((4, 2)), [1, 2], [1, -2, 3, 4], [1, np.nan, 2, 3]]
)
def test_what_is_no_counts_is_refused(name, wrong):
    with pytest.raises(ev.InvalidInput, match="bi"):
        getattr(ev, name)([5, 8, 9, 4], wrong, [9, 12, 11, 4], [18, 20, 25, 30])
    for level in NOT_A_LEVEL:
        with pytest.raises(ev.InvalidInput, match="level"):
            getattr(ev, name)([5, 8, 9, 4], [5, 5, 5, 6], [9, 12, 11, 4], [18, 20, 25, 30], level=level)


NOT_A_NAME = ["nothing", None, 3, ["L0"], np.array(["lm", "rma"]), {}]
NOT_A_LEVEL = ["a", None, 0, 1, -0.1, np.nan, [0.05], True, object()]
NOT_A_COUNT = ["a", None, 0, -1, 2.5, np.nan, [10], True, object()]
NOT_A_SEED = ["a", None, -1, 2.5, [1], object()]
NOT_A_FLAG = ["yes", None, 2, 0.5, [True], object()]
OPTIONS = {
    ("egger", "model"): NOT_A_NAME,
    ("egger", "predictor"): NOT_A_NAME,
    ("pet_peese", "model"): NOT_A_NAME,
    ("pet_peese", "alpha"): NOT_A_LEVEL,
    ("trim_and_fill", "estimator"): NOT_A_NAME,
    ("trim_and_fill", "side"): ["up", 3, ["left"], {}],
    ("selection_model", "kind"): NOT_A_NAME,
    ("selection_model", "alternative"): NOT_A_NAME,
    ("selection_model", "steps"): ["a", -0.1, 1.5, np.nan, [[0.1, 0.2]], object(), {}],
    ("fail_safe_n", "kind"): NOT_A_NAME,
    ("fail_safe_n", "alpha"): [*NOT_A_LEVEL, 0.5],
    ("fail_safe_n", "target"): [0.1, "a"],
    ("fail_safe_n", "weighted"): NOT_A_FLAG,
    ("excess_significance", "test"): NOT_A_NAME,
    ("excess_significance", "alternative"): NOT_A_NAME,
    ("excess_significance", "alpha"): NOT_A_LEVEL,
    ("excess_significance", "limit_alpha"): NOT_A_LEVEL,
    ("gosh", "subsets"): ["a", 0, -1, 2.5, [10], object()],
    ("gosh", "seed"): NOT_A_SEED,
    ("gosh", "executor"): ["a", 4, object()],
    ("permutation_test", "iterations"): NOT_A_COUNT,
    ("permutation_test", "seed"): NOT_A_SEED,
    ("permutation_test", "executor"): ["a", 4, object()],
    ("bootstrap", "iterations"): [*NOT_A_COUNT, 1],
    ("bootstrap", "seed"): NOT_A_SEED,
    ("bootstrap", "parametric"): NOT_A_FLAG,
    ("permutation_test", "exact"): [flag for flag in NOT_A_FLAG if flag is not None],
    ("bootstrap", "executor"): ["a", 4, object()],
    ("cumulative", "order"): ["nowhere", 3, [1, 2], {}, np.ones((K, 2)), [None] * K, [1, "b"] * (K // 2), object()],
    ("trial_sequential", "delta"): ["a", None, 0, np.nan, np.inf, [0.3], True],
    ("trial_sequential", "alpha"): NOT_A_LEVEL,
    ("trial_sequential", "power"): [*NOT_A_LEVEL, 0.01],
    ("trial_sequential", "spending"): NOT_A_NAME,
    ("trial_sequential", "rho"): ["a", None, 0, -1, np.nan, [1]],
    ("trial_sequential", "ties"): NOT_A_NAME,
    ("trial_sequential", "ni"): ["nowhere", 3, [1, 2], ["a"] * K, [0] * K, [np.nan] * K, {}],
    ("trial_sequential", "order"): ["nowhere", 3, [1, 2], {}, np.ones((K, 2)), [None] * K, [1] * K, object()],
    ("next_trial", "delta"): ["a", 0, np.nan, np.inf, [0.3], True],
    ("next_trial", "probability"): NOT_A_LEVEL,
    ("next_trial", "sd"): ["a", 0, -1, np.nan, [1], True],
    ("next_trial", "ni"): ["nowhere", 3, [1, 2], [0] * K],
    ("fragility", "sd"): ["a", 0, -1, np.nan, [1], True],
    ("fragility", "ni"): ["nowhere", 3, [1, 2], [0] * K],
    ("all_models", "rho"): ["a", None, -0.1, 1.5, np.nan, [0.5], object()],
    ("all_models", "study"): ["nowhere", 3, ["a", "b"], {}, np.ones((K, 2)), object()],
    ("all_models", "level"): [0, 1, -0.1],
    ("all_models", "method"): ["nothing", None],
}


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_an_option_of_the_wrong_kind_is_refused_by_name(name, option):
    for value in OPTIONS[name, option]:
        settings = {**QUICK.get(name, {}), **ASKED.get(name, {}), option: value}
        with pytest.raises(ev.InvalidInput, match=option):
            getattr(ev, name)(FRAME, **settings)


@pytest.mark.parametrize("name", sorted(QUICK))
def test_an_option_in_the_place_of_variances_is_asked_for_by_name(name):
    with pytest.raises(ev.InvalidInput, match="options by name"):
        getattr(ev, name)(ev.pool(FRAME), 1000)


def test_sizes_order_and_labels_are_columns_or_values():
    by_column = ev.egger(FRAME, predictor="ninv", ni="n")
    for ni in (FRAME["n"], FRAME["n"].sample(frac=1, random_state=3), FRAME["n"].tolist()):
        assert ev.egger(FRAME["yi"], FRAME["vi"], predictor="ninv", ni=ni).p_value == by_column.p_value
        assert ev.egger(ev.pool(FRAME), predictor="ninv", ni=ni).p_value == by_column.p_value
    first = FRAME["year"].idxmin()
    in_time = ev.cumulative(FRAME, order="year")
    assert in_time.index[0] == first and in_time["k"].tolist() == list(range(1, K + 1))
    for order in (FRAME["year"].sample(frac=1, random_state=2), FRAME["year"].tolist(), FRAME["year"].astype(str)):
        pd.testing.assert_frame_equal(ev.cumulative(FRAME["yi"], FRAME["vi"], order=order), in_time)
    for name in ("leave_one_out", "cumulative", "baujat"):
        assert run(name, FRAME.reset_index(drop=True), slab="year").index.tolist() == FRAME["year"].astype(str).tolist()
        assert run(name, FRAME["yi"].to_numpy(), FRAME["vi"].to_numpy(), slab=NAMES).index.tolist() == NAMES
    assert ev.influence(ev.pool(FRAME), slab=[n.upper() for n in NAMES]).influential.index[0] == "TRIAL A"


@pytest.mark.parametrize("name", [name for name in public() if name not in TABLES])
def test_results_keep_the_contract(name):
    found = run(name, FRAME)
    assert isinstance(found, Result) and type(found).__name__ in dir(ev)
    text = repr(found)
    assert text == found.summary() and text.splitlines()[0] == found._title()
    assert len(text) < 4000 and not any(word in text for word in ("array(", "object at 0x", "np.float64", "nan"))
    sentence = found.sentence()
    assert sentence.endswith(".") and "\n" not in sentence and "nan" not in sentence
    frame = found.to_frame()
    assert isinstance(frame.index, pd.RangeIndex) and frame is not found.to_frame()
    assert found._title().split("<")[0][:5] in found._repr_html_()
    assert found == found and hash(found) is not None and found != run(name, FRAME)
    with pytest.raises(FrozenInstanceError):
        setattr(found, inspect.getmembers(found)[0][0], 1)


def test_the_studies_of_a_subset_are_asked_for_by_name_or_position():
    found = ev.gosh(FRAME.iloc[:5])
    assert (found.includes("Trial B") == found.includes(1)).all() and found.includes(np.int64(1)).sum() == 16
    for wrong in ("Trial Z", 5, -1, 1.5, None, ["Trial B"]):
        with pytest.raises(ev.InvalidInput, match="is no study"):
            found.includes(wrong)


def test_p_values_of_a_selection_function():
    found = ev.selection_model(FRAME)
    assert found.selection([0.01, 0.02]).tolist() == [1, 1]
    for wrong in ("a", [0.1, np.nan], 1.5, None, object()):
        with pytest.raises(ev.InvalidInput):
            found.selection(wrong)
