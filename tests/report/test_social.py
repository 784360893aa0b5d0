"""Every figure has a card for social media: its size, what it found, whence it comes."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import evidence as ev
from evidence.plots.parts.legibility import texts
from evidence.report.figures import catalogue
from evidence.report.figures.files import write_figures
from evidence.report.figures.presets import SOCIAL
from evidence.report.figures.social import beside, write_cards
from evidence.report.project import Project


@dataclass(frozen=True)
class Published(Project):
    """A project whose site has an address."""

    @property
    def base_url(self) -> str:
        return "https://example.org/acu/"


def test_every_figure_of_a_project_has_a_card_and_nothing_else(results: ev.Results, tmp_path: Path) -> None:
    project = Published(tmp_path)
    for only in ("ranking_pain_sham", "evidence_map", "mechanism_inflammation"):
        write_figures(results, project.figures, only=only)
    assert set(write_cards(project, results)) == {f"{path.stem}.png" for path in project.figures.glob("*.json")}
    for path in project.social.iterdir():
        assert struct.unpack(">II", path.read_bytes()[16:24]) == (1200, 630), path.name


def test_a_picture_stands_whole_beside_its_finding(results: ev.Results, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    monkeypatch.setattr(plt, "close", kept.append)
    for figure in (catalogue.evidence_map(results), catalogue.integrity(results), catalogue.rob(results)):
        assert figure.found != figure.title and json.loads(json.dumps(figure.words()))["found"] == figure.found
        with SOCIAL.dress():
            beside(figure.image(".png"), f"{figure.found} $x^2$", SOCIAL)
        sheet = kept[-1]
        *heading, source = (text for text in texts(sheet) if text.axes is None)
        assert f"{figure.found} $x^2$" == " ".join(line.get_text() for line in heading)
        boxes, picture = [line.get_window_extent() for line in heading], sheet.axes[0].get_window_extent()
        assert max(box.x1 for box in boxes) < picture.x0, "the finding does not run into the picture"
        assert min(box.y0 for box in boxes) > source.get_window_extent().y1
        apart = [above.get_position()[1] - below.get_position()[1] for above, below in pairwise(heading)]
        assert max(apart) == pytest.approx(min(apart)), "lines stand evenly"
