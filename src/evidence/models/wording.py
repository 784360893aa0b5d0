"""Numbers and fit summaries as text: one way of writing them for every model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

import pandas as pd

from ..languages import _, pointed
from .engine.coefficient_tests import TESTS
from .engine.inference import Interval

MODEL_WORDS = {False: "Equal-effects model", True: "Random-effects model"}
TEST_WORDS: Mapping[str, str] = {name: test.words for name, test in TESTS.items()}


def number(value: float, digits: int = 2) -> str:
    """A number for reading: fixed digits, more where they would all be zero, a true minus sign.

    >>> number(-0.7145), number(0.00123), number(12345.6)
    ('−0.71', '0.0012', '12345.60')
    """
    text = f"{value:.{digits}f}"
    if value != 0 and abs(value) < 10.0**-digits:
        text = f"{value:.2g}"
    return text.replace("-", "−")


def p_value(p: float) -> str:
    """A p value with its relation: "= 0.043" or "< 0.001"."""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


def omnibus(statistic: float, df: tuple[int, float]) -> str:
    """A test of several coefficients: "chi²(2) = 3.10", or "F(2, 9.3) = 1.55" when the denominator is finite."""
    letter = f"chi²({df[0]})" if math.isinf(df[1]) else f"F({df[0]}, {df[1]:.4g})"
    return f"{letter} = {number(statistic)}"


def probability(p: float) -> str:
    """A probability with three digits, or "> 0.999", "< 0.001"."""
    return "> 0.999" if p > 0.999 else "< 0.001" if p < 0.001 else f"{p:.3f}"


def interval(bounds: Interval, digits: int = 2) -> str:
    """Two bounds joined by "to"."""
    return f"{number(bounds.low, digits)} to {number(bounds.high, digits)}"


def percent(level: float) -> str:
    """A level as a percentage: 0.95 becomes 95%."""
    return f"{100 * level:g}%"


def with_interval(estimate: float, bounds: Interval, level: float) -> str:
    """An effect and its confidence interval, in the language spoken."""
    low, high = (pointed(number(end)) for end in bounds)
    effect = pointed(number(estimate))
    return _(
        "{effect} ({level}% confidence interval {low} to {high})",
        effect=effect,
        level=f"{100 * level:g}",
        low=low,
        high=high,
    )


def html_report(title: str, paragraphs: list[str], table: pd.DataFrame | None = None) -> str:
    """A notebook cell: heading, paragraphs, optional table; everything escaped."""
    parts = [f"<p><strong>{escape(title)}</strong></p>"]
    parts += [f"<p>{escape(text)}</p>" for text in paragraphs]
    if table is not None:
        parts.append(table.to_html(border=0, escape=True))
    return "\n".join(parts)
