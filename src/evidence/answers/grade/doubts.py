"""What takes certainty away, or gives it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...languages import N_, Spoken, _

#: GRADE's reasons to go down and up.
DOMAINS = Spoken(
    {
        "risk_of_bias": N_("risk of bias"),
        "inconsistency": N_("trials that disagree"),
        "indirectness": N_("indirect evidence"),
        "imprecision": N_("too few people or a wide interval"),
        "publication_bias": N_("missing or selectively published results"),
        "large_effect": N_("a large effect"),
        "dose_response": N_("an effect that rises with dose"),
        "opposing_bias": N_("biases that would have hidden the effect"),
    }
)


def doubt_words(levels: Mapping[str, Any]) -> str:
    """What took or gave levels, in words: "risk of bias (−1), indirect evidence (−1)".

    Parameters
    ----------
    levels : mapping
        Reason to its levels, such as a row of `certainty_table`.
    """
    said = [f"{words} ({signed(int(levels[name]))})" for name, words in DOMAINS.items() if levels.get(name)]
    return _(", ").join(said)


def signed(levels: int) -> str:
    """Levels with their sign: "−1"."""
    return f"{levels:+d}".replace("-", "−") if levels else "0"
