"""The garbage collector rests while tables become objects, and afterwards is as it was."""

from __future__ import annotations

import gc

import pytest

from evidence.base.collector import collector_paused, fresh_garbage


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


@pytest.mark.parametrize("before", [True, False])
def test_what_was_there_is_no_garbage(before: bool) -> None:
    usual, frozen = gc.get_threshold(), gc.get_freeze_count()
    (gc.freeze if before else gc.unfreeze)()
    try:
        with pytest.raises(ZeroDivisionError), fresh_garbage():
            assert gc.get_freeze_count() and gc.get_threshold()[0] >= max(usual[0], 10_000)
            raise ZeroDivisionError
        assert (gc.get_threshold(), gc.get_freeze_count() > 0) == (usual, before)
    finally:
        (gc.freeze if frozen else gc.unfreeze)()
