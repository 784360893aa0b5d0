"""Charts without Altair: importing them is harmless, using them says what to install."""

import importlib
import sys

import pytest

import evidence as ev
from evidence.errors import require_extra

WORDS = r'pip install "acupuncture-evidence\[charts\]"'


@pytest.fixture
def without_altair(monkeypatch):
    monkeypatch.setattr(ev, "charts", ev.charts)  # put back afterwards
    for name in [n for n in sys.modules if n.startswith("evidence.charts") or n.split(".")[0] == "altair"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "altair", None)  # what the import system takes for "not there"


def test_charts_say_which_extra_they_need(without_altair):
    charts = importlib.import_module("evidence.charts")
    assert "forest" in dir(charts) and not hasattr(charts, "no_such")
    with pytest.raises(ev.MissingExtra, match=WORDS) as raised:
        charts.forest()
    assert isinstance(raised.value, ImportError) and raised.value.name == "altair"


def test_what_is_there_is_returned_and_what_is_broken_is_not_called_missing(tmp_path, monkeypatch):
    assert require_extra("json", "charts").dumps([1]) == "[1]"
    (tmp_path / "broken_inside.py").write_text("import something_else_entirely\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="something_else_entirely") as raised:
        require_extra("broken_inside", "charts")
    assert not isinstance(raised.value, ev.EvidenceError)
