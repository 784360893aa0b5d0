"""One line of a condition's page: what would settle whether acupuncture helps."""

from __future__ import annotations

from ...answers.claims.settle import settles_condition
from ...answers.results import Results
from ...languages import _
from .markup import text


def settle_line(results: Results, condition: str) -> str:
    """What would settle whether acupuncture eases pain in a condition, as markup.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Its key.
    """
    return text(settle_words(results, condition))


def settle_words(results: Results, condition: str) -> str:
    """The same as plain text.

    Parameters
    ----------
    results : Results
        Of the whole base.
    condition : str
        Its key.
    """
    line = settles_condition(results.context, condition)
    return _(
        "What would settle whether it eases pain: {what}.",
        what=line
        or _(
            "that it does is settled by the rules used here (against sham acupuncture the 95% interval excludes no "
            "effect, with certainty moderate or better); larger trials would tell how much"
        ),
    )
