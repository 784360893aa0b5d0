"""The ways from rows to an effect are one registry, and the documents and the multiverse follow it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evidence as ev
from evidence.answers.multiverse.sets import OPTIONS
from evidence.derive import derivation
from evidence.derive.evidence_base import MEASURES
from evidence.derive.routes.candidate import Candidate
from evidence.derive.routes.numbers import Known
from evidence.derive.routes.registry import ROUTES, route_names
from evidence.derive.routes.route import Reports, route

METHOD = (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")


def test_every_effect_names_a_route_that_gives_its_measure(db: ev.EvidenceBase) -> None:
    seen = set()
    for measure in MEASURES:
        given = {name for one in ROUTES for name in one.names if measure in one.measures}
        found = set(db.effects(measure)["route"])
        assert found <= given, measure
        seen |= found
    assert seen == {name for names in route_names().values() for name in names}, "a route that gives nothing"


def test_the_method_page_lists_every_route() -> None:
    table = re.search(r"\| route \|.*?\n\n", METHOD, flags=re.DOTALL)
    assert table is not None
    rows = re.findall(r"^\| ([\w /]+) \|", table.group(), flags=re.MULTILINE)
    assert sorted(rows[1:]) == sorted(name for names in route_names().values() for name in names)


def test_the_multiverse_takes_its_families_from_the_registry() -> None:
    assert tuple(route_names()) == ("scores", "p values", "counts")
    assert OPTIONS["routes"] == ("all", "scores and p values", "scores")


def test_a_route_is_one_function_in_the_registry(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @route("median", family="scores", measures=("SMD",), kinds=("arm",))
    def from_medians(reports: Reports) -> Candidate | None:
        """Every pair as an effect of 0.5 that is preferred to all others."""
        ours, theirs = reports.comparison.sides(row for row in reports.rows if row.kind == "arm")
        if not ours or not theirs:
            return None
        return Candidate(Known(0.5, 0.1), 20, 20, "median", -1, ("from medians",), (ours[0], theirs[0]))

    monkeypatch.setattr(derivation, "ROUTES", (*ROUTES, from_medians))
    base = ev.load(raw)
    found = base.effects("SMD")
    mine = found[found["route"] == "median"]
    assert len(mine) and (mine["yi"] == 0.5).all() and (mine["derivation"].str.startswith("from medians")).all()
    assert "median" not in set(base.effects("MD100")["route"])


def test_an_exact_p_without_sign_is_zero_with_a_wider_variance(db: ev.EvidenceBase) -> None:
    frame = db.effects("SMD")
    unsigned = frame[frame["derivation"].str.contains("sign not printed")]
    assert len(unsigned) and (unsigned["yi"] == 0).all()
    least = 1 / unsigned["n_acupuncture"] + 1 / unsigned["n_comparator"]
    assert (unsigned["vi"] > least * 0.999).all()
