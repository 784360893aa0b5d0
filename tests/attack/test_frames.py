"""Every public function that takes something first, given frames that are odd: it answers, or it refuses in words."""

from __future__ import annotations

from inspect import Parameter

import numpy as np
import pandas as pd
import pytest

import evidence as ev

from .calls import Call
from .judge import judge
from .subjects import functions, parameters

GOOD = pd.DataFrame(
    {"yi": [0.1, 0.4, 0.3, 0.7], "vi": [0.1, 0.05, 0.08, 0.02], "study": list("aabc"), "dose": range(4)}
)
MANY = pd.MultiIndex.from_tuples([(label, at) for at, label in enumerate("aabc")])
ODD = {
    "labels of two levels": GOOD.set_index(MANY),
    "heads of two levels": pd.concat({"a": GOOD}, axis=1),
    "a column twice": pd.concat([GOOD, GOOD[["yi"]]], axis=1),
    "a label twice": GOOD.set_index(pd.Index([0, 0, 1, 2])),
    "no rows": GOOD.iloc[:0],
    "no columns": pd.DataFrame(index=range(4)),
    "no yi": GOOD.drop(columns="yi"),
    "yi as index": GOOD.set_index("yi"),
    "numbers for names": GOOD.rename(columns={"yi": 0, "vi": 1}),
    "lists for names": GOOD.assign(study=[["a"], ["a"], ["b"], ["c"]]),
    "nobody's names": GOOD.assign(study=None),
    "texts among effects": GOOD.assign(yi=[0.1, "x", None, 0.3]),
    "mappings among effects": GOOD.assign(yi=[0.1, {}, 0.2, ()]),
    "lists of effects": GOOD.assign(yi=[[0.1]] * 4),
    "complex effects": GOOD.assign(yi=1j),
    "dates for variances": GOOD.assign(vi=pd.date_range("2020", periods=4)),
    "nothing known": GOOD.assign(yi=np.nan, vi=pd.NA),
    "certain": GOOD.assign(vi=0.0),
    "infinite": GOOD.assign(vi=np.inf),
    "lists beside": GOOD.assign(other=[[1]] * 4),
}
#: Arguments that name a column of the frame.
COLUMNS = ("slab", "by", "ni", "cluster", "order", "study", "group", "weights", "week", "outcome", "rows", "columns")
FIRST = {name: next(iter(parameters(function).values()), None) for name, function in functions().items()}
TAKING = [name for name, first in FIRST.items() if first and first.kind is Parameter.POSITIONAL_OR_KEYWORD]


@pytest.mark.parametrize("name", TAKING)
def test_an_odd_frame_is_answered_or_refused_in_words(name: str) -> None:
    first = FIRST[name]
    assert first is not None
    for frame in ODD.values():
        judge(Call(name, {first.name: frame}))
    for column in set(COLUMNS) & set(parameters(functions()[name])) - {first.name}:
        for given in ("yi", ["study", "study"], (["a"], ["b"]), [["a"]] * 4, "lists"):
            judge(Call(name, {first.name: GOOD.assign(lists=[["a"]] * 4), column: given}))


def test_names_that_are_none_are_named() -> None:
    lists = ODD["lists for names"]
    for call in (
        lambda: ev.aggregate(lists),
        lambda: ev.rve(lists),
        lambda: ev.all_models(lists),
        lambda: ev.multilevel(lists),
        lambda: ev.subgroups(GOOD, by=lists["study"]),
    ):
        with pytest.raises(ev.InvalidInput, match=r"\['a'\], which is no label; give numbers or texts"):
            call()


def test_what_may_be_is_taken() -> None:
    found = ev.aggregate(ODD["lists beside"], rho=0.5)
    assert found["other"].tolist() == [[1]] * 3 and found["yi"].tolist() == ev.aggregate(GOOD, rho=0.5)["yi"].tolist()
    assert ev.subgroups(GOOD, by="dose", test="z").groups["k"].tolist() == [1] * 4
    twice = GOOD.assign(yi=[0.1, 0.1, 0.3, 0.3])
    assert ev.subgroups(twice, by="yi", test="z").groups["estimate"].tolist() == pytest.approx([0.1, 0.3])
