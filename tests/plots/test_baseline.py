"""Every figure against a picture of it that a person has looked at: its marks as pixels, its words as words.

Letters are left out of the pictures, since their pixels depend on the hinting of the font; the JSON file beside a
picture holds them. When a figure is meant to change: ``RENEW_BASELINES=1 pytest tests/plots/test_baseline.py``, look at
what changed in tests/plots/baseline, and commit it with the change.
"""

from __future__ import annotations

import itertools
import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.text import Text
from scipy.ndimage import maximum_filter, minimum_filter, uniform_filter

import evidence as ev
from evidence import plots
from evidence.plots.parts.legibility import texts

BASELINE = Path(__file__).parent / "baseline"
DPI = 60
#: Points a moved mark or a lost letter may differ: mean over a square of SQUARE pixels, of 255 grey levels.
TOLERANCE, SQUARE = 10.0, 7
SHIFT = 2  # pixels

_YI = [0.62, 0.15, 0.41, -0.12, 0.33, 0.95, 0.27, 0.5]
_VI = [0.05, 0.02, 0.09, 0.03, 0.015, 0.12, 0.04, 0.06]
_NAMES = [f"Author {letter} {year}" for letter, year in zip("ABCDEFGH", range(1996, 2012, 2), strict=True)]
_MORE = {"title": "What was found", "source": "Source: made up"}
_SIDED = {"favours": ("comparator", "acupuncture"), **_MORE}


def _spread(**columns: object) -> pd.DataFrame:
    half = 1.96 * np.sqrt(_VI)
    bounds = {"estimate": _YI, "ci_low": np.array(_YI) - half, "ci_high": np.array(_YI) + half}
    return pd.DataFrame({**bounds, "k": range(1, 9), "n": range(50, 450, 50), **columns}, index=_NAMES)


@pytest.fixture(scope="module")
def drawn(made_up: Callable[..., object]) -> dict[str, Callable[[], Axes]]:
    """How each figure is drawn from numbers that never change, and from results that are made of them once."""
    fit = made_up(_YI, _VI, _NAMES)
    parts = {"Sham": made_up(_YI[:5], _VI[:5], _NAMES[:5]), "Usual care": made_up(_YI[5:], _VI[5:], _NAMES[5:])}
    columns = pd.DataFrame({"n": range(40, 120, 10), "week": [4, 8, None, 12, 4, 8, 6, 12]})
    judged = pd.DataFrame({"bias": ["low", "high", None, "unclear", "low", "high", "low", "low"]})
    random = np.random.default_rng(7)
    counts = pd.DataFrame(random.integers(5, 60, (8, 4)), columns=["ai", "bi", "ci", "di"], index=_NAMES)
    weeks = pd.concat([_spread(by=name).head(4).assign(week=[2, 8, 26, 52]) for name in ("sham", "usual care")])
    weeks.loc[weeks["by"] == "sham", "estimate"] += 0.2
    lights = pd.DataFrame(itertools.product(_NAMES[:4], ["allocation", "blinding", "reporting"]))
    lights.columns = ["study_id", "domain"]
    panel = pd.DataFrame(
        random.normal(0, 1.5, (8, 6)),
        columns=["rstudent", "dffits", "cooks_distance", "covariance_ratio", "tau2_deleted", "weight"],
        index=_NAMES,
    )
    line = pd.DataFrame({"sessions": [2, 20], "estimate": [0.1, 0.6], "ci_low": [-0.1, 0.3], "ci_high": [0.3, 0.9]})
    trials = pd.DataFrame({"yi": _YI, "vi": _VI, "sessions": [4, 6, 8, 10, 12, 14, 16, 20]})
    cells = pd.DataFrame(
        {
            "condition": ["Arthritis", "Arthritis", "Disc herniation", "Disc herniation"],
            "comparator": ["sham", "drugs", "sham", "usual care"],
            "estimate": [0.4, -0.3, 0.9, np.nan],
            "n": [1700, 200, 260, 900],
            "k": [10, 2, 3, 6],
            "grade": ["moderate", "very low", "low", None],
        }
    )
    tests = pd.DataFrame({"n": range(40, 200, 20), "p_value": [0.001, 0.01, 0.03, 0.2, 0.5, 0.04, 0.3, 0.8]})
    verdicts = ["supported", "partly", "unclear", "unclear", "contradicted", "untested", "untested", "unclear"]
    subsets = pd.DataFrame({"estimate": random.normal(0.3, 0.1, 400), "i2": random.uniform(0, 90, 400)})
    pairs = pd.DataFrame(
        [("A", "sham"), ("B", "sham"), ("A", "B"), ("C", "sham"), ("C", "A"), ("B", "C")] * 2,
        columns=["treatment1", "treatment2"],
    )
    pairs = pairs.assign(study=[f"t{n}" for n in range(12)], yi=(_YI + _YI)[:12], vi=(_VI + _VI)[:12])
    net = ev.network(pairs, reference="sham")
    looped = ev.network(pairs.assign(yi=[v + 0.2 * i % 0.7 for i, v in enumerate(pairs["yi"])]), reference="sham")
    replicates = ev.bootstrap(ev.pool(_YI, _VI), iterations=400)
    curve = ev.p_curve(np.array(_YI) + 0.6, np.array(_VI) / 2)
    sequential = ev.trial_sequential(ev.pool(_YI, _VI), order=range(1996, 2012, 2), delta=0.3, ni=range(40, 120, 10))
    further = ev.next_trial([0.3, 0.4, 0.2], [0.09, 0.12, 0.1], delta=0.36, tau_prior=ev.HalfNormal(0.05))
    options = _spread(method=["REML", "DL"] * 4, rows=["all", "all", "low risk", "low risk"] * 2)
    return {
        "albatross": lambda: plots.albatross(tests.assign(direction=np.sign(_YI), p_relation="="), **_SIDED),
        "baujat": lambda: plots.baujat(pd.DataFrame({"contribution": _VI, "influence": _YI}, index=_NAMES), **_MORE),
        "bootstrap": lambda: plots.bootstrap(replicates, **_SIDED),
        "bubble": lambda: plots.bubble(trials, "sessions", line=line, worthwhile=0.5, **_SIDED),
        "claims": lambda: plots.claims(_spread(claim=[f"It does {n}" for n in _NAMES], verdict=verdicts), **_MORE),
        "contributions": lambda: plots.contributions(net, **_MORE),
        "cumulative": lambda: plots.cumulative(_spread(), worthwhile=0.5, **_SIDED),
        "drapery": lambda: plots.drapery(fit, **_SIDED),
        "evidence_map": lambda: plots.evidence_map(cells, certainty="grade", **_SIDED),
        "forest": lambda: plots.forest(
            parts,
            columns=columns,
            risk_of_bias=judged,
            marks=["*", *[""] * 7],
            worthwhile=0.5,
            xlim=(-1, 1.5),
            **_SIDED,
        ),
        "funnel": lambda: plots.funnel(fit, filled=pd.DataFrame({"yi": [-0.4], "vi": [0.1]}), **_SIDED),
        "gosh": lambda: plots.gosh(subsets, **_SIDED),
        "icon_array": lambda: plots.icon_array(58.4, 40, interval=(48, 67.6), **_MORE),
        "influence": lambda: plots.influence(panel, flagged=panel["rstudent"] > 1, **_MORE),
        "labbe": lambda: plots.labbe(counts, groups=("sham", "acupuncture"), **_MORE),
        "league": lambda: plots.league(net.league(), **_MORE),
        "net_heat": lambda: plots.net_heat(looped, **_MORE),
        "network": lambda: plots.network(net, **_MORE),
        "next_trial": lambda: plots.next_trial(further, **_MORE),
        "orchard": lambda: plots.orchard(parts, worthwhile=0.5, **_SIDED),
        "pcurve": lambda: plots.pcurve(curve, **_MORE),
        "radial": lambda: plots.radial(fit, **_MORE),
        "ranking": lambda: plots.ranking(_spread(condition=_NAMES).head(4), worthwhile=0.5, **_SIDED),
        "rankogram": lambda: plots.rankogram(net.ranking(draws=500), **_MORE),
        "rob": lambda: plots.rob(lights.assign(judgement=["low", "high", "unclear", "low"] * 3), **_MORE),
        "specification_curve": lambda: plots.specification_curve(options, ["method", "rows"], headline=0, **_SIDED),
        "timecourse": lambda: plots.timecourse(weeks, by="by", worthwhile=0.5, **_SIDED),
        "trial_sequential": lambda: plots.trial_sequential(sequential, **_MORE),
    }


def words(ax: Axes) -> list[str]:
    """All that can be read on a figure."""
    return sorted(text.get_text() for text in texts(ax.get_figure(root=True)))


def picture(ax: Axes, file: Path) -> np.ndarray:
    """Grey levels of a figure without its letters, written at the resolution of the baselines."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    for text in figure.findobj(Text):
        text.set_alpha(0)
    plots.save(ax, file, scale=DPI / figure.dpi)
    plt.close(figure)
    return grey(file)


def grey(file: Path) -> np.ndarray:
    levels: np.ndarray = plt.imread(file)[..., :3].mean(axis=2) * 255
    return levels


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two pictures differ by less than TOLERANCE in the mean of every small square.

    The pictures are laid over each other in each way within SHIFT pixels, as they are first, since the height of
    letters moves what stands under them. A pixel differs by as much as it is darker or lighter than all nine around
    its place.
    """
    if max(abs(a - b) for a, b in zip(one.shape, other.shape, strict=True)) > SHIFT:
        return False
    shape = [max(pair) + 2 * SHIFT for pair in zip(one.shape, other.shape, strict=True)]
    still = _placed(one, shape, SHIFT, SHIFT)
    steps = sorted(itertools.product(range(2 * SHIFT + 1), repeat=2), key=lambda at: math.dist(at, (SHIFT, SHIFT)))
    return any(_apart(still, _placed(other, shape, *at)) < TOLERANCE for at in steps)


def _placed(picture: np.ndarray, shape: list[int], down: int, right: int) -> np.ndarray:
    tall, wide = picture.shape
    return np.pad(picture, ((down, shape[0] - tall - down), (right, shape[1] - wide - right)), constant_values=255)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    return max(_beyond(one, other), _beyond(other, one))


def _beyond(one: np.ndarray, other: np.ndarray) -> float:
    out = np.maximum(one - maximum_filter(other, 3), minimum_filter(other, 3) - one).clip(0)
    return float(uniform_filter(out, SQUARE).max())


NAMES = [
    *(
        "albatross",
        "baujat",
        "bootstrap",
        "bubble",
        "claims",
        "contributions",
        "cumulative",
        "drapery",
        "evidence_map",
        "forest",
        "funnel",
        "gosh",
    ),
    *(
        "icon_array",
        "influence",
        "labbe",
        "league",
        "net_heat",
        "network",
        "next_trial",
        "orchard",
        "pcurve",
        "radial",
        "ranking",
        "rankogram",
    ),
    *("rob", "specification_curve", "timecourse", "trial_sequential"),
]


@pytest.mark.parametrize("name", NAMES)
def test_the_figure_looks_as_it_did(name, drawn, tmp_path):
    ax = drawn[name]()
    said = words(ax)
    now = picture(ax, tmp_path / "now.png")
    file, spoken = BASELINE / f"{name}.png", BASELINE / f"{name}.json"
    if os.environ.get("RENEW_BASELINES"):
        BASELINE.mkdir(exist_ok=True)
        (tmp_path / "now.png").replace(file)
        spoken.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert said == json.loads(spoken.read_text(encoding="utf-8"))
    assert alike(now, grey(file)), f"{name} changed; if it should, renew the baselines (see the file)"


def test_every_figure_has_a_baseline(drawn):
    assert set(plots.__all__) - {"fit_to", "save", "theme", "unreadable"} == set(NAMES)
    assert sorted(drawn) == NAMES == sorted(path.stem for path in BASELINE.glob("*.png"))
    assert sum(path.stat().st_size for path in BASELINE.iterdir()) < 1_000_000


@pytest.mark.parametrize("hinting", ["none", "force_autohint"])
@pytest.mark.parametrize("name", ["forest", "ranking", "evidence_map", "influence"])
def test_other_hinting_of_text_is_tolerated(name, hinting, drawn, tmp_path):
    with mpl.rc_context({"text.hinting": hinting}):
        now = picture(drawn[name](), tmp_path / "now.png")
    assert alike(now, grey(BASELINE / f"{name}.png"))


def _interval_moved(ax: Axes) -> None:
    line = next(line for line in ax.lines if line.get_linewidth() == 1.2 and len(line.get_xdata()) == 2)
    line.set_xdata(np.asarray(line.get_xdata()) + 0.15)


def _diamond_gone(ax: Axes) -> None:
    next(patch for patch in ax.patches if isinstance(patch, Polygon)).remove()


def _mark_gone(ax: Axes) -> None:
    next(line for line in ax.lines if line.get_marker() == "s").remove()


@pytest.mark.parametrize("spoil", [_interval_moved, _diamond_gone, _mark_gone])
def test_a_figure_that_went_wrong_is_found(spoil, drawn, tmp_path):
    ax = drawn["forest"]()
    spoil(ax)
    assert not alike(picture(ax, tmp_path / "now.png"), grey(BASELINE / "forest.png"))
