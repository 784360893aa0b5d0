"""The figures of the project, in the order of the gallery."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial

from ...answers.harm.benefit_and_harm import AGAINST
from ...answers.results import Results
from ...errors import InvalidInput
from .claims import claims as claims
from .condition import forest as forest
from .figure import Figure as Figure
from .figure import NothingToDraw as NothingToDraw
from .funnel import funnel as funnel
from .funnel import large_pools
from .headline import headline_comparator
from .mechanism import mechanisms as mechanisms
from .multiverse import figure_name, specifications
from .overview import evidence_map as evidence_map
from .overview import map_cells as map_cells
from .overview import outcome_cells as outcome_cells
from .overview import outcome_map as outcome_map
from .overview import ranking as ranking
from .people import people as people
from .presets import BLOG, Preset
from .timecourse import timecourse as timecourse
from .trust import integrity as integrity
from .trust import rob as rob


@dataclass(frozen=True)
class _Planned:
    """A figure that may be drawn: its name, the condition it is about ("" for all), and how."""

    name: str
    condition: str
    make: Callable[[], Figure]
    card: bool = True  # False: a map or table whose essence does not fit a card


def figures(
    results: Results,
    only: str = "",
    conditions: Collection[str] = (),
    preset: Preset = BLOG,
    base_url: str = "",
    names: Collection[str] | None = None,
) -> Iterator[Figure]:
    """Draw every figure of the project.

    Parameters
    ----------
    results : Results
        Of the whole base.
    only : str
        Draw only figures whose name contains this.
    conditions : collection of str
        Draw only figures about these conditions; all figures when empty.
    preset : Preset
        What they are drawn for; to be called inside its `Preset.dress`. Maps and tables of lights have no card.
    base_url : str
        Address of the site, for the last line of each figure; left out when empty.
    names : collection of str, optional
        Draw only figures of these names, as far as there are any; all figures when not given.

    Yields
    ------
    Figure

    Raises
    ------
    InvalidInput
        A condition is unknown, or no figure is left.
    """
    known = results.words.headline
    unknown = [name for name in conditions if name not in known]
    if unknown:
        raise InvalidInput(f"no condition is called {unknown[0]!r}; choose among {', '.join(known)}")
    preset = replace(preset, site=base_url.removeprefix("https://").rstrip("/")) if base_url else preset
    drawn = 0
    for planned in _plan(results, preset):
        if only not in planned.name or (conditions and planned.condition not in conditions):
            continue
        if names is not None and planned.name not in names:
            continue
        if preset.card and not planned.card:
            continue
        try:
            yield planned.make()
        except NothingToDraw:
            continue
        drawn += 1
    if not drawn and names is None:
        about = f" about {', '.join(conditions)}" if conditions else ""
        raise InvalidInput(f"no figure{about} has {only!r} in its name, for {preset.name}")


def figure_names(results: Results) -> list[str]:
    """Names of all figures that may be drawn, in their order."""
    return list(subjects(results))


def subjects(results: Results) -> dict[str, str]:
    """Names of all figures that may be drawn, in their order, with the condition that each is about ("" for all)."""
    return {planned.name: planned.condition for planned in _plan(results, BLOG)}


def _plan(results: Results, preset: Preset) -> Iterator[_Planned]:
    for outcome in results.words.critical:
        for comparator in results.words.comparators:
            if comparator != "acupuncture":
                make = partial(ranking, results, comparator, outcome, preset=preset)
                yield _Planned(f"ranking_{outcome}_{comparator}", "", make)
    for condition in results.words.headline:
        for outcome in results.words.critical:
            make = partial(forest, results, condition, outcome, preset=preset)
            yield _Planned(f"forest_{outcome}_{condition}", condition, make)
        if comparator := headline_comparator(results, condition):
            make = partial(forest, results, condition, comparator=comparator, preset=preset)
            yield _Planned(f"forest_pain_{condition}_{comparator}", condition, make)
        for comparator in AGAINST:
            make = partial(people, results, condition, comparator, preset=preset)
            yield _Planned(f"people_{condition}_{comparator}", condition, make)
        for outcome in results.words.critical:
            make = partial(timecourse, results, condition, outcome, preset=preset)
            yield _Planned(f"timecourse_{outcome}_{condition}", condition, make)
        for outcome in results.words.critical:
            make = partial(specifications, results, condition, outcome, preset=preset)
            yield _Planned(figure_name(condition, outcome), condition, make, card=False)
    for large in large_pools(results):
        condition, outcome, comparator, _ = large
        name = f"funnel_{outcome}_{condition}_{comparator}"
        yield _Planned(name, condition, partial(funnel, results, *large, preset=preset))
    yield _Planned("claims", "", partial(claims, results, preset=preset))
    for mechanism in ("", *results.db.mechanisms["mechanism"]):
        name = f"mechanism_{mechanism}" if mechanism else "mechanisms"
        yield _Planned(name, "", partial(mechanisms, results, mechanism, preset=preset), card=not mechanism)
    yield _Planned("evidence_map", "", partial(evidence_map, results, preset=preset), card=False)
    yield _Planned("outcome_map", "", partial(outcome_map, results, preset=preset), card=False)
    yield _Planned("integrity", "", partial(integrity, results, preset=preset), card=False)
    yield _Planned("risk_of_bias", "", partial(rob, results, preset=preset), card=False)
