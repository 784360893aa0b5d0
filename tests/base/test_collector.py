"""The garbage collector rests while tables become objects, and afterwards is as it was."""

from __future__ import annotations

import gc

import pytest

from evidence.base.collector import collector_paused


@pytest.mark.parametrize("before", [True, False])
def test_it_is_as_it_was_also_after_an_error(before: bool) -> None:
    usual = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        with pytest.raises(ZeroDivisionError), collector_paused():
            assert not gc.isenabled()
            raise ZeroDivisionError
        assert gc.isenabled() is before
    finally:
        (gc.enable if usual else gc.disable)()
