"""The method page says what the code does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import evidence as ev
from evidence.answers.grade import rules as certainty_rules
from evidence.derive import windows

PAGE = (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
DEFAULTS = re.findall(r"^\| `(\w+)\((\w+)=\)` \| `(.+?)` \|", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize(("function", "argument", "value"), DEFAULTS)
def test_a_default_is_that_of_the_function(function: str, argument: str, value: str) -> None:
    assert str(inspect.signature(getattr(ev, function)).parameters[argument].default) == value


def test_the_table_of_defaults_is_read() -> None:
    assert ("pool", "method", "REML") in DEFAULTS and len(DEFAULTS) > 10


def test_settings_in_the_text_are_those_of_the_code(db: ev.EvidenceBase) -> None:
    points = set(db.thresholds["points"])
    assert points == {10.0} and "smallest worthwhile effect is 10 of 100 points" in PAGE
    assert (windows.SHORT_ENDS, windows.LONG_BEGINS) == (13, 52) and "*short* up to 13 weeks" in PAGE
    assert f"at least {certainty_rules.LEAST_PEOPLE}" in PAGE
    assert f"{certainty_rules._POWER:.0%} power" in PAGE
    assert f"under {certainty_rules._FEW_PER_ARM} an arm" in PAGE
