"""The batched engine: the same bits compiled or not, in any company, and at the edges of the number range."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence as ev
from evidence.models.engine import compiled, engine, moments
from evidence.models.engine.estimators import METHODS
from evidence.models.engine.tau2 import NOT_CONVERGED


def ragged(seed, groups, p):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(p + 1, 15, groups)
    v = np.exp(rng.uniform(np.log(0.01), np.log(1), sizes.sum()))
    y = rng.normal(0.3, np.sqrt(v + rng.choice([0, 0.2])))
    x = None if p == 0 else np.column_stack([np.ones(len(y)), rng.normal(size=(len(y), p - 1))])
    return y, v, np.concatenate([[0], np.cumsum(sizes)]), x, rng.uniform(0.5, 2, len(y))


@pytest.mark.parametrize("p", [0, 3])
def test_compiled_and_plain_give_the_same_bits(monkeypatch, p):
    y, v, starts, x, weights = ragged(p, 40, p)
    for method in METHODS:
        arguments = (engine.Settings(method), y, v, starts, x, weights if method == "GENQ" else None)
        monkeypatch.setattr(engine, "_COMPILE_ABOVE", np.inf)
        plain = engine.fit_batch(*arguments)
        monkeypatch.setattr(engine, "_COMPILE_ABOVE", 0)
        compiled = engine.fit_batch(*arguments)
        for name in ("beta", "cov", "tau2", "q", "trace", "rss", "status"):
            assert np.array_equal(getattr(plain, name), getattr(compiled, name), equal_nan=True), (method, name)


@pytest.mark.parametrize("method", METHODS)
def test_compiled_and_plain_agree_at_the_ends_of_the_number_range(monkeypatch, method):
    y = np.array([1e200, 2e200, -1e200, 0.1, 0.2, 0.4, 1e100, 2e100, 3e150, 0.5, 0.5, 0.3, 0.1, 0.2, 0.3])
    v = np.array([1e300, 1e300, 1e299, 1e200, 2e200, 1e250, 1.0, 2.0, 3.0, 0, 0, 0.1, 1e-200, 1e-300, 1e-250])
    arguments = (engine.Settings(method), y, v, np.arange(6) * 3, None, np.ones(15) if method == "GENQ" else None)
    fits = []
    for limit in (np.inf, 0):
        monkeypatch.setattr(engine, "_COMPILE_ABOVE", limit)
        fits.append(engine.fit_batch(*arguments))
    for name in ("beta", "cov", "tau2", "status"):
        assert np.array_equal(*(getattr(fit, name) for fit in fits), equal_nan=True), name


def test_no_answer_depends_on_the_calls_before_it():
    y, v, starts, _, _ = ragged(11, 3000, 0)
    frame = pd.DataFrame({"yi": [0.1, 0.4, 0.2, 0.9], "vi": [0.02] * 4, "arm": list("aabb")})

    def answers():
        with pytest.raises(ev.InvalidInput, match="GENQ"):
            ev.subgroups(frame, "arm", method="GENQ")
        with pytest.raises(ev.InvalidInput, match="GENQ"):
            ev.pool_many(frame["arm"], frame["yi"], frame["vi"], method="GENQ")
        return ev.pool(frame).to_frame(), ev.subgroups(frame, "arm").groups

    before = answers()
    assert len(y) > engine._COMPILE_ABOVE
    engine.fit_batch(engine.Settings(), y, v, starts)
    for first, second in zip(before, answers(), strict=True):
        pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_importing_the_engine_and_its_callers_imports_no_heavy_package():
    code = (
        "import sys, evidence.models.univariate.many, evidence.models.engine.tau2_se, "
        "evidence.sensitivity.permutation, evidence.sensitivity.bootstrap; "
        "print([name for name in ('numba', 'scipy.stats', 'scipy.optimize') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_numba_large_batches_give_the_same(monkeypatch):
    y, v, starts, _, _ = ragged(12, 3000, 0)
    assert len(y) > engine._COMPILE_ABOVE
    compiled = engine.fit_batch(engine.Settings(), y, v, starts)
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    plain = engine.fit_batch(engine.Settings(), y, v, starts)
    assert np.array_equal(plain.tau2, compiled.tau2)
    assert np.array_equal(plain.beta, compiled.beta)


def test_blocks_cover_every_fit_once_and_in_order(monkeypatch):
    monkeypatch.setattr(engine, "_BLOCK", 10)
    starts = np.concatenate([[0], np.cumsum([3, 0, 25, 4, 4, 4, 0, 0])])
    blocks = engine.in_blocks(lambda low, high: (low, high), starts)
    assert [fit for low, high in blocks for fit in range(low, high)] == list(range(8))
    assert len(blocks) > 2
    assert engine.in_blocks(lambda low, high: (low, high), np.zeros(3, dtype=int)) == [(0, 2)]


@pytest.mark.parametrize("p", [0, 3])
def test_blocks_change_nothing(monkeypatch, p):
    y, v, starts, x, weights = ragged(8, 200, p)
    whole = engine.fit_batch(engine.Settings(), y, v, starts, x, weights)
    monkeypatch.setattr(engine, "_BLOCK", 50)
    parts = engine.fit_batch(engine.Settings(), y, v, starts, x, weights)
    for name in ("beta", "cov", "tau2", "rss", "status"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name


@pytest.mark.parametrize("p", [0, 3])
def test_a_fit_does_not_depend_on_its_neighbours(p):
    y, v, starts, x, _ = ragged(7, 30, p)
    together = engine.fit_batch(engine.Settings(), y, v, starts, x)
    for b in range(30):
        part = slice(starts[b], starts[b + 1])
        alone = engine.single(engine.Settings(), y[part], v[part], None if x is None else x[part])
        assert np.array_equal(alone.beta[0], together.beta[b])
        assert alone.tau2[0] == together.tau2[b]


def test_mean_as_design_gives_the_mean():
    y, v, starts, _, _ = ragged(3, 30, 0)
    for method in set(METHODS) - {"GENQ"}:
        mean = engine.fit_batch(engine.Settings(method), y, v, starts)
        design = engine.fit_batch(engine.Settings(method), y, v, starts, np.ones((len(y), 1)))
        for name in ("beta", "cov", "tau2", "q", "trace", "rss"):
            np.testing.assert_allclose(getattr(mean, name), getattr(design, name), rtol=1e-8, atol=1e-11)


studies = st.integers(3, 12).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-3, 3).map(lambda y: round(y, 3)), min_size=k, max_size=k),
        st.lists(st.floats(0.01, 2), min_size=k, max_size=k),
    )
)
METHODS_WITHOUT_WEIGHTS = [m for m in METHODS if m != "GENQ"]


@settings(max_examples=60, deadline=None)
@given(studies, st.sampled_from(METHODS_WITHOUT_WEIGHTS), st.floats(-5, 5), st.floats(0.1, 10))
def test_shift_and_scale(data, method, shift, factor):
    yi, vi = np.array(data[0]), np.array(data[1])
    fit = ev.pool(yi, vi, method=method)
    moved = ev.pool(factor * yi + shift, factor**2 * vi, method=method)
    # rounding moves a tau2 at the very edge of zero; it is compared on the scale of the variances
    edge = 1e-7 * vi.mean()
    assert moved.tau2 / factor**2 == pytest.approx(fit.tau2, rel=1e-6, abs=edge)
    assert (moved.estimate - shift) / factor == pytest.approx(fit.estimate, rel=1e-5, abs=1e-6)
    assert moved.i2 == pytest.approx(fit.i2, rel=1e-5, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(studies, st.sampled_from(METHODS_WITHOUT_WEIGHTS), st.randoms(use_true_random=False))
def test_order_does_not_matter(data, method, random):
    order = list(range(len(data[0])))
    random.shuffle(order)
    fit = ev.pool(*data, method=method)
    mixed = ev.pool(*(np.array(column)[order] for column in data), method=method)
    assert (mixed.estimate, mixed.se) == pytest.approx((fit.estimate, fit.se), rel=1e-6, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(studies)
def test_duplicated_studies_halve_the_variance_of_an_equal_effects_mean(data):
    once = ev.pool(*data, method="EE", test="z")
    twice = ev.pool(data[0] * 2, data[1] * 2, method="EE", test="z")
    assert twice.estimate == pytest.approx(once.estimate, rel=1e-12, abs=1e-12)
    assert twice.se == pytest.approx(once.se / np.sqrt(2), rel=1e-12)
    assert twice.q == pytest.approx(2 * once.q, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("method", METHODS_WITHOUT_WEIGHTS)
@pytest.mark.parametrize("size", [1e-12, 1.0, 1e12])
def test_any_unit(method, size):
    yi, vi = np.array([0.1, 0.9, -0.4, 1.3, 0.2]), np.array([0.05, 0.1, 0.08, 0.02, 0.3])
    fit = ev.pool(yi, vi, method=method)
    other = ev.pool(yi * np.sqrt(size), vi * size, method=method)
    assert other.tau2 / size == pytest.approx(fit.tau2, rel=1e-9)
    assert other.statistic == pytest.approx(fit.statistic, rel=1e-9)


@pytest.mark.parametrize("method", METHODS_WITHOUT_WEIGHTS)
def test_variances_from_tiny_to_huge(method):
    vi = 10.0 ** np.linspace(-12, 12, 9)
    fit = ev.pool([0.5, 0.1, 0.2, 0.9, 0.3, 0.4, 2.0, 5.0, 40.0], vi, method=method)
    numbers = [fit.estimate, fit.se, *fit.ci, fit.p_value, fit.tau2, fit.i2, fit.h2, fit.q, fit.q_p]
    assert np.isfinite(numbers).all()
    if method in ("REML", "PM"):  # exact rational arithmetic is the judge of the equation's solution
        assert _root_in_fractions(method, fit) == pytest.approx(fit.tau2, rel=1e-8)


def _root_in_fractions(method, fit):
    yi, vi = [Fraction(float(y)) for y in fit.yi], [Fraction(float(v)) for v in fit.vi]

    def excess(tau2):
        w = [1 / (v + Fraction(tau2)) for v in vi]
        total = sum(w)
        mean = sum(a * y for a, y in zip(w, yi, strict=True)) / total
        if method == "PM":
            return sum(a * (y - mean) ** 2 for a, y in zip(w, yi, strict=True)) - (len(yi) - 1)
        return sum((a * (y - mean)) ** 2 for a, y in zip(w, yi, strict=True)) - total + sum(a * a for a in w) / total

    low, high = 0.5 * fit.tau2, 2 * fit.tau2
    assert excess(low) > 0 > excess(high)
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def test_variances_from_tiny_to_huge_with_a_moderator():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"yi": rng.normal(0.3, 0.5, 12), "vi": 10.0 ** np.linspace(-12, 12, 12), "x": rng.normal(size=12)}
    )
    fit = ev.regress(frame, formula="~ x", method="PM")
    yi, vi, xi = ([Fraction(value) for value in frame[name].tolist()] for name in ("yi", "vi", "x"))

    def q(tau2):
        w = [1 / (v + Fraction(tau2)) for v in vi]
        total = sum(w)
        centre_x, centre_y = (sum(a * b for a, b in zip(w, z, strict=True)) / total for z in (xi, yi))
        x, y = [a - centre_x for a in xi], [a - centre_y for a in yi]
        slope = sum(a * b * c for a, b, c in zip(w, x, y, strict=True)) / sum(
            a * b * b for a, b in zip(w, x, strict=True)
        )
        return float(sum(a * (c - slope * b) ** 2 for a, b, c in zip(w, x, y, strict=True)))

    assert fit.tau2 > 0
    assert q(fit.tau2) == pytest.approx(10, rel=1e-9)
    assert q(0) == pytest.approx(fit.qe, rel=1e-9)


def test_data_on_which_plain_scoring_cycles():
    # the example of metafor's page on convergence problems, where its default step does not converge
    yi = [1.30, 1.94, 0.70, 0.36, 1.31, 0.46, 1.24, 0.71, 0.35, 0.77]
    vi = [0.640, 0.421, 0.992, 0.058, 0.756, 0.634, 0.79, 0.596, 0.457, 0.935]
    fit = ev.pool(yi, vi, method="ML")
    likelihoods = [ev.pool(yi, vi, method="ML", tau2=t).log_likelihood for t in np.linspace(0, 0.5, 101)]
    assert fit.log_likelihood >= max(likelihoods) - 1e-9


def test_what_does_not_converge_says_so(monkeypatch):
    import evidence.models.engine.tau2 as tau2

    monkeypatch.setattr(tau2, "_climb", lambda *a: (0.123, NOT_CONVERGED))
    with pytest.warns(ev.NotConverged, match="0.123"):
        ev.pool([0.1, 0.9, -0.4, 1.3], [0.05, 0.1, 0.08, 0.02])


def test_maximum_at_zero_beats_a_lower_one_inside():
    # Both ends are checked: no tau2 on a grid has a higher restricted likelihood than the estimate.
    rng = np.random.default_rng(5)
    for _ in range(40):
        vi = np.exp(rng.uniform(-5, 1, 6))
        yi = rng.normal(0, np.sqrt(vi))
        fit = ev.pool(yi, vi)
        at_zero = ev.pool(yi, vi, tau2=0).log_likelihood
        assert fit.log_likelihood >= at_zero - 1e-9


def test_cache_folder_that_cannot_be_written(monkeypatch):
    from numba.core import caching

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    assert compiled._compile(_double)(1.5) == 3.0


def _double(value):
    return 2 * value


def moments_of_a_design(x):
    """Moments of a design at tau2 = 0, and the orthonormal columns they were had from, one a row."""
    n, p = x.shape
    y, v, q = np.linspace(-1, 1, n), np.linspace(0.5, 1, n), np.empty((p, n))
    work = (np.empty(n), np.empty(n), q, np.ones((p, p)), np.empty(p), np.empty(p))
    return moments._moments_design((y, v, x.T, n, p), 0.0, work), q


def test_columns_that_are_nearly_one_are_orthonormal_to_machine_precision():
    _, q = moments_of_a_design(np.column_stack([np.ones(9), 1 + 1e-7 * np.cos(np.arange(9))]))
    np.testing.assert_allclose(q @ q.T, np.eye(2), atol=1e-14)


def test_columns_that_are_one_have_no_moments():
    found, _ = moments_of_a_design(np.column_stack([np.ones(9), np.full(9, 2.0)]))
    assert found == (0.0,) * 7
