"""One registry of estimators and tests: types, choices, standard errors and lists for readers follow from it."""

from typing import get_args

import numpy as np
import pytest

import evidence as ev
from evidence.answers.multiverse import multiverse
from evidence.models.engine import compiled, engine
from evidence.models.engine.coefficient_tests import TESTS, Test
from evidence.models.engine.engine import Settings
from evidence.models.engine.estimators import ESTIMATORS, METHODS, Method
from evidence.models.engine.tau2_se import tau2_se
from evidence.report.explorer import choice

YI, VI = [0.1, 0.7, 0.4, 1.2, 0.3], [0.02, 0.05, 0.03, 0.04, 0.09]
POOLABLE = [name for name, each in ESTIMATORS.items() if not each.needs_weights]


def test_types_repeat_the_registry():
    assert get_args(Method) == METHODS == tuple(ESTIMATORS)
    assert get_args(Test) == tuple(TESTS)


def test_machine_code_has_a_branch_for_every_estimator_that_estimates():
    namespace = {"CONVERGED": 0} | {
        each.estimate.__name__: each.estimate for each in ESTIMATORS.values() if each.estimate is not None
    }
    exec(compiled._branches(), namespace)
    data, work = engine.workspace(np.array(YI), np.array(VI))
    a = np.array([1.0, 2, 3, 4, 5])
    for code, each in enumerate(ESTIMATORS.values()):
        if each.estimate is not None:
            given = (data, a, 4.0, (20.0, 300.0, 80.0, 100.0), work)
            assert namespace["estimate_tau2"](code, *given) == each.estimate(*given)


@pytest.mark.parametrize("name", METHODS)
def test_every_estimator_has_a_standard_error_of_its_own_or_estimates_nothing(name):
    weights = [1.0, 2, 3, 4, 5] if ESTIMATORS[name].needs_weights else None
    fit = ev.pool(YI, VI, method=name, weights=weights)
    assert (fit.tau2_se is None) == (not ESTIMATORS[name].random)
    assert fit.tau2 > 0 and fit.tau2_se > 0 if ESTIMATORS[name].random else fit.tau2 == 0


def test_an_unknown_estimator_gets_no_formula_of_another():
    settings = Settings()
    object.__setattr__(settings, "method", "XX")
    with pytest.raises(ev.InvalidInput, match="'XX' is unknown"):
        tau2_se(settings, np.array(YI), np.array(VI), 0.1, None, None)


def test_error_texts_name_every_choice():
    with pytest.raises(ev.InvalidInput) as refused:
        ev.pool(YI, VI, method="XX")  # type: ignore[arg-type]
    assert all(name in str(refused.value) for name in METHODS)
    with pytest.raises(ev.InvalidInput, match="hksj-adhoc"):
        ev.pool(YI, VI, test="XX")  # type: ignore[arg-type]
    assert all(f'"{name}"' in str(ev.pool.__doc__) for name in (*METHODS, *TESTS))


def test_lists_for_readers_follow():
    assert list(choice.METHODS) == ["tables", "Bayes", *POOLABLE] and list(choice.TESTS) == list(TESTS)
    assert list(multiverse._KNOWN["method"]) == [*POOLABLE, "Bayes"] and list(multiverse._KNOWN["test"]) == list(TESTS)
    assert all(f"test: {test.words}" in ev.pool(YI, VI, test=name).summary() for name, test in TESTS.items())


@pytest.mark.parametrize("name", METHODS)
def test_only_what_maximises_a_likelihood_has_a_profile(name):
    fit = ev.pool(YI, VI, method=name, weights=[1, 2, 3, 4, 5] if ESTIMATORS[name].needs_weights else None)
    if ESTIMATORS[name].likelihood:
        assert fit.tau2_ci(kind="PL").low <= fit.tau2 <= fit.tau2_ci(kind="PL").high
    else:
        with pytest.raises(ev.NotEstimable):
            fit.tau2_ci(kind="PL")


def test_steps_that_creep_end_where_the_likelihood_is_highest():
    # between tau2 of 0.02 and 0.05 the likelihood is all but flat, and Fisher's steps get nowhere in 100 rounds
    yi = [1.0795691452337193, 0.353470945056895, 0.015038473803671848, 0.40198851842368744, 0.06225884725166966,
          -1.1685506514814965, 0.9125259283750577, 0.29110553553412083, 0.43067796559687654, 1.2073225487534711,
          0.06473275850680651]  # fmt: skip
    vi = [0.3387431143675554, 0.12917504145485748, 0.26860782056329013, 0.08220078452585582, 0.08744388570323991,
          0.20568170841534927, 0.24427728232399487, 0.016004496232981617, 0.26787089479467635, 0.3262176480375782,
          0.07535717359228232]  # fmt: skip
    fit = ev.pool(yi, vi)
    assert fit.tau2 == 0
    others = [ev.pool(yi, vi, tau2=tau2).log_likelihood for tau2 in (0.001, 0.03, 0.0715, 0.2)]
    assert fit.log_likelihood > max(others)
