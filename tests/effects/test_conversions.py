"""Tables from their margins, and effects on other scales: there and back."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evidence as ev

TABLES = pd.DataFrame({"ai": [12, 3, 40, 7], "bi": [28, 27, 60, 13], "ci": [20, 9, 22, 7], "di": [21, 24, 81, 14]})


def margins():
    return {
        "n": TABLES.sum(axis=1),
        "n1": TABLES["ai"] + TABLES["bi"],
        "events": TABLES["ai"] + TABLES["ci"],
    }


def test_a_table_comes_back_from_each_measure_of_association():
    odds = TABLES["ai"] * TABLES["di"] / (TABLES["bi"] * TABLES["ci"])
    phi = ev.effect_size("PHI", TABLES)["yi"]
    found = [ev.counts_from_margins(**margins(), odds_ratio=odds), ev.counts_from_margins(**margins(), phi=phi)]
    for correct in (True, False):
        tables = [row.reshape(2, 2) for row in TABLES.to_numpy()]
        chi2 = [stats.chi2_contingency(table, correction=correct).statistic for table in tables]
        sign = np.where(phi < 0, -1, 1)
        if correct:  # below half a person off the expected table the corrected statistic is 0 and tells nothing
            chi2, keep = np.array(chi2), np.array(chi2) > 0
            some = {name: values[keep] for name, values in margins().items()}
            again = ev.counts_from_margins(**some, chi2=chi2[keep], direction=sign[keep])
            assert again.to_numpy().tolist() == TABLES[keep].to_numpy().tolist()
        else:
            found.append(ev.counts_from_margins(**margins(), chi2=chi2, direction=sign, correct=False))
    for table in found:
        assert table.to_numpy().tolist() == TABLES.to_numpy().tolist()


def test_margins_and_associations_that_no_table_has():
    with pytest.raises(ev.InvalidInput, match="no table with them has so strong an association"):
        ev.counts_from_margins(n=100, n1=10, events=80, phi=-0.9)
    with pytest.raises(ev.InvalidInput, match="give one of odds_ratio, phi and chi2"):
        ev.counts_from_margins(n=100, n1=10, events=80)
    with pytest.raises(ev.InvalidInput, match="both groups have people"):
        ev.counts_from_margins(n=100, n1=100, events=80, phi=0.1)
    for events in (0, 100):
        with pytest.raises(ev.InvalidInput, match="lie between 0 and n, both excluded"):
            ev.counts_from_margins(n=100, n1=50, events=events, odds_ratio=1)
    assert ev.counts_from_margins(n=100, n1=50, events=1, odds_ratio=3).loc[0].tolist() == [1, 49, 0, 50]


def test_the_delta_method_gives_the_variances_of_the_transformed_measures():
    counts = {"xi": [4, 12, 20], "ni": [20, 30, 41]}
    raw = ev.effect_size("PR", **counts)
    for measure, function in (
        ("PLO", "logit"),
        ("PLN", "log"),
        ("PRZ", "ndtri"),
        ("PAS", lambda p: np.arcsin(np.sqrt(p))),
    ):
        found, wanted = ev.delta_method(raw["yi"], raw["vi"], function), ev.effect_size(measure, **counts)
        np.testing.assert_allclose(found, wanted, rtol=1e-8)
    there = ev.delta_method(raw["yi"], raw["vi"], "logit")
    np.testing.assert_allclose(ev.delta_method(there["yi"], there["vi"], "expit"), raw, rtol=1e-8)
    with pytest.raises(ev.NotEstimable, match="log has no finite value"):
        ev.delta_method(-1.0, 0.1, "log")
    with pytest.raises(ev.InvalidInput, match="gives shape"):
        ev.delta_method([1.0, 2.0], 0.1, lambda x: x.sum())
