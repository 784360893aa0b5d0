"""What a person adds to precision: the variance of an effect in a trial of two equal arms, times its people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...effects.arguments import require_between
from ...errors import InvalidInput
from ...models.studies import Column, Studies

#: Measures in units of the standard deviation within groups.
_STANDARDISED = {"SMD", "SMDH"}
#: Variance of a standardised difference from one person an arm.
_WIDEST = 2.0


def people_of(studies: Studies, ni: Column | None) -> NDArray[np.float64] | None:
    """People of each study, (k,); None where they were not given.

    Raises
    ------
    InvalidInput
        No column of this name, not one value a study, or a study without people.
    """
    if ni is None:
        return None
    people = studies.floats(ni, "ni")
    if (people <= 0).any():
        first = int(np.argmax(people <= 0))
        raise InvalidInput(
            f"study {studies.slab[first]!r} has ni = {people[first]:g}; give its people, both arms together"
        )
    return people


def unit_variance(studies: Studies, sd: float | None, ni: Column | None) -> float:
    """Sampling variance of a trial of N people in two equal arms, times N.

    4 sd^2; or as the studies themselves had it, all their people over all their precision.

    Raises
    ------
    InvalidInput
        Neither ``sd`` nor ``ni`` for effects that are no standardised differences: by their ``measure``, or since a
        variance above 2 would be a trial of fewer than two people.
    """
    people = people_of(studies, ni)
    if people is None:
        if sd is None:
            _require_standardised(studies)
            return 4.0
        require_between("sd", sd, 0, 1e100)
        return 4 * float(sd) ** 2
    if sd is not None:
        raise InvalidInput("give sd= or ni=, not both: either says how precise a trial of given size is")
    precise = studies.vi > 0
    if not precise.any():
        raise InvalidInput("all vi are 0: they do not say how precise a trial of given size is; give sd=")
    return float(people[precise].sum() / (1 / studies.vi[precise]).sum())


def _require_standardised(studies: Studies) -> None:
    """Without sd= a standard deviation of 1 is taken, which other effects do not have."""
    ask = "give sd=, the standard deviation within groups in their units, or ni=, the people of each study"
    measures = set() if studies.frame is None or "measure" not in studies.frame else set(studies.frame["measure"])
    if others := sorted(map(str, measures - _STANDARDISED)):
        raise InvalidInput(f"the effects are {', '.join(others)}, not standardised differences: {ask}")
    if len(studies.vi) and studies.vi.min() > _WIDEST:
        least = int(studies.vi.argmin())
        raise InvalidInput(
            f"study {studies.slab[least]!r} has vi = {studies.vi[least]:g}: as a standardised difference that is a "
            f"trial of fewer than two people; {ask}"
        )
