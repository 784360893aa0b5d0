"""What choices and their options are called where readers meet them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...languages import N_


class Said(NamedTuple):
    """Words for one choice, messages to be translated.

    Attributes
    ----------
    whether : str
        The choice in running text.
    heading : str
        The same over its options.
    options : mapping
        Option to words; an option that is not here is a name of its own.
    """

    whether: str
    heading: str
    options: Mapping[str, str]


CHOICES: Mapping[str, Said] = {
    "measure": Said(
        N_("whether scores are compared in standard deviations or in points of 100"),
        "Scores compared in",
        {"SMD": "standard deviations", "MD100": "points of 100"},
    ),
    "routes": Said(
        N_("whether effects from p values and counts join those from printed scores"),
        "Effects made from",
        {"all": "scores, p values, counts", "scores and p values": "scores and p values", "scores": "scores alone"},
    ),
    "confidence": Said(
        N_("whether numbers that were read with doubt count"),
        "Numbers read with doubt",
        {"all": "counted", "high": "left out"},
    ),
    "directness": Said(
        N_("whether trials of a related condition count"),
        "Related conditions",
        {"all": "counted", "direct": "left out"},
    ),
    "risk_of_bias": Said(
        N_("whether trials at high risk of bias count"),
        "Trials at high risk of bias",
        {"all": "counted", "not high": "left out", "low": "only those at low risk"},
    ),
    "blinded": Said(
        N_("whether trials that did not blind patients count"),
        "Trials without blinding",
        {"all": "counted", "yes": "left out"},
    ),
    "integrity": Said(
        N_("whether trials whose numbers cannot be right as printed count"),
        "Numbers that cannot be right",
        {"no serious concern": "left out", "all": "counted"},
    ),
    "leave_out": Said(
        N_("whether trials that stand apart are left out"),
        "Trials that stand apart",
        {"none": "counted", "outliers": "outliers left out", "influential": "influential left out"},
    ),
    "method": Said(N_("which model pools the trials"), "Model", {"Bayes": "Bayesian"}),
    "test": Said(
        N_("how the interval is made"),
        "Interval",
        {
            "hksj-adhoc": "Hartung-Knapp ≥ z",
            "hksj": "Hartung-Knapp",
            "z": "normal (z)",
            "posterior": "of the posterior",
        },
    ),
}
