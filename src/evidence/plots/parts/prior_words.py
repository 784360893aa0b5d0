"""A prior of the spread between studies, in words."""

from __future__ import annotations

import re


def prior_words(prior: object) -> str:
    """``half-normal(0.5)`` for HalfNormal(scale=0.5)."""
    name, bracket, rest = str(prior).partition("(")
    short = re.sub(r"\d+\.\d{3,}", lambda digits: f"{float(digits[0]):.3g}", rest.removeprefix("scale="))
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() + bracket + short
