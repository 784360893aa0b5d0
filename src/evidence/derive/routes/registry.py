"""Every route, in the order in which they are tried: which candidate is chosen depends on its preference alone."""

from __future__ import annotations

from collections.abc import Mapping

from .contrasts import from_contrasts, from_exact_p, from_printed_smd
from .counts import from_counts, from_ratios
from .means import from_means, from_means_and_p
from .route import Route

ROUTES: tuple[Route, ...] = (
    from_means,
    from_contrasts,
    from_means_and_p,
    from_printed_smd,
    from_exact_p,
    from_counts,
    from_ratios,
)


def route_names() -> Mapping[str, tuple[str, ...]]:
    """Family to the names of its routes, as the column ``route`` of the effects has them."""
    names: dict[str, tuple[str, ...]] = {}
    for route in ROUTES:
        names[route.family] = names.get(route.family, ()) + route.names
    return names
