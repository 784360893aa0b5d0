"""Alternatives of one method are one registry: types, error texts and tables follow from it."""

from typing import get_args

import numpy as np
import pytest

import evidence as ev
from evidence.bias import (
    bias_methods,
    excess_significance,
    fail_safe_n,
    missing_studies,
    predictors,
    regression,
    trust,
)
from evidence.bias.selection import functions

RNG = np.random.default_rng(8)
VI = RNG.uniform(0.01, 0.2, 25)
YI = RNG.normal(0.3, np.sqrt(VI + 0.02)) + np.sqrt(VI)
NI = 4 / VI

REGISTRIES = [
    (
        predictors.PredictorName,
        predictors.PREDICTORS,
        lambda name: ev.egger(YI, VI, predictor=name, ni=NI),
        "predictor",
    ),
    (regression.ErrorModel, regression.ERROR_MODELS, lambda name: ev.pet_peese(YI, VI, model=name), "model"),
    (
        missing_studies.Estimator,
        missing_studies.ESTIMATORS,
        lambda name: ev.trim_and_fill(YI, VI, estimator=name),
        "estimator",
    ),
    (
        fail_safe_n.Kind,
        fail_safe_n.KINDS,
        lambda name: ev.fail_safe_n(YI, VI, kind=name, target=0.1 if name == "orwin" else None),
        "kind",
    ),
    (
        excess_significance.CountTest,
        excess_significance.COUNT_TESTS,
        lambda name: ev.excess_significance(YI, VI, test=name),
        "test",
    ),
    (functions.Kind, functions.KINDS, lambda name: ev.selection_model(YI, VI, kind=name), "kind"),
]


@pytest.mark.parametrize(("names", "registry", "run", "option"), REGISTRIES)
def test_type_registry_and_error_text_name_the_same(names, registry, run, option):
    assert list(get_args(names)) == list(registry)
    found = [run(name).to_frame().to_csv() for name in registry]
    assert len(set(found)) == len(found)
    with pytest.raises(ev.InvalidInput, match=f"{option} 'new' is unknown; choose") as told:
        run("new")
    assert all(name in str(told.value) for name in registry)


def test_smooth_families_are_those_of_the_type_and_rows_of_the_table():
    assert list(get_args(functions.SmoothKind)) == list(functions.FAMILIES)
    assumed = ev.bias_table(YI, VI).estimates["assumes"]
    for family in filter(lambda each: each.tabled, functions.FAMILIES.values()):
        assert assumed[f"selection, {family.label}"].endswith(family.shape)


def test_a_method_entered_is_a_row_of_the_table(monkeypatch):
    own = bias_methods.Estimate(0.1, 0.2, ev.pool(YI, VI).ci, 0.5, [trust.Doubt("caution", "made up")])
    monkeypatch.setitem(bias_methods.ESTIMATES, "mine", ("nothing at all", lambda fit: own))
    monkeypatch.setitem(bias_methods.TESTS, "my test", lambda fit: bias_methods.Test(1.0, 0.3, "Nothing to see.", []))
    table = ev.bias_table(YI, VI)
    assert table.estimates.loc["mine", ["estimate", "assumes", "reason"]].tolist() == [0.1, "nothing at all", "made up"]
    assert table.tests.loc["my test", ["statistic", "says", "trust"]].tolist() == [1.0, "Nothing to see.", "yes"]
    assert "my test: Nothing to see. [yes]" in table.summary()


def test_every_row_of_the_table_is_an_entry_in_order():
    table = ev.bias_table(YI, VI)
    assert table.estimates.index.tolist() == ["as observed", *bias_methods.ESTIMATES]
    assert table.tests.index.tolist() == list(bias_methods.TESTS)
