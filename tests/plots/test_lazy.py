"""The list of figures: loaded when first used, and never hidden by the file of the same name."""

import subprocess
import sys

import pytest
from matplotlib.axes import Axes

import evidence as ev


def test_a_figure_is_a_function_even_after_its_file_was_imported():
    import evidence.plots.forest as file

    assert callable(ev.plots.claims) and callable(ev.plots.forest)
    assert sys.modules["evidence.plots.forest"].forest is ev.plots.forest is file


@pytest.mark.parametrize("package", ["plots", "charts"])
def test_importing_loads_no_drawing_library(package):
    asked = f"import sys, evidence.{package}; print({{'matplotlib', 'altair', 'seaborn'}} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"


@pytest.mark.parametrize("package", ["plots", "charts"])
def test_every_name_of_the_list_can_be_called(package):
    room = getattr(ev, package)
    assert room.__all__ and all(callable(getattr(room, name)) for name in room.__all__)
    assert set(room.__all__) == set(dir(room))
    with pytest.raises(AttributeError, match="no_such"):
        room.no_such()


@pytest.mark.parametrize("figure", ["forest", "drapery", "orchard"])
def test_a_figure_is_measured_once_for_its_rows_and_once_for_its_ticks(figure, made_up, monkeypatch):
    measured = []
    whole = Axes.get_tightbbox
    monkeypatch.setattr(Axes, "get_tightbbox", lambda ax, *args, **kw: measured.append(ax) or whole(ax, *args, **kw))
    ax = getattr(ev.plots, figure)(made_up(k=12), title="What was found", source="Source: made up")
    needed = {"forest": 1, "orchard": 1, "drapery": 3}[figure]  # tick labels beside the Axes are measured before words
    assert measured == [ax] * needed
