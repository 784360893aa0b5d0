"""Every public function under attack: it answers, or it refuses in words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from .calls import calls, functions
from .judge import judge

QUICK = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("name", functions())
def test_it_answers_or_refuses_in_words(name: str) -> None:
    @QUICK
    @given(call=calls((name,)))
    def attack(call) -> None:  # type: ignore[no-untyped-def]
        judge(call)

    attack()
