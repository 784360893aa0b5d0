"""What every figure promises: legible at every size, words as they are, the same bytes, nothing changed elsewhere."""

import inspect
import itertools
import warnings
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import evidence as ev
from evidence.plots import save, unreadable
from evidence.plots.parts.legibility import texts
from evidence.sensitivity.bootstrap import Bootstrap

STRANGE = "$a_b$ <script>alert(1)</script> שלום & a name that is far too long for any column of any figure"


def frames(k, made_up):
    """A figure's name, and what it is drawn from, with ``k`` trials of which one has a strange name."""
    random = np.random.default_rng(k)
    names = [STRANGE, *(f"Author {i} {1990 + i % 33}" for i in range(1, k))]
    fit = made_up(k=k, slab=names)
    spread = pd.DataFrame({"estimate": fit.yi, "ci_low": fit.yi - 0.3, "ci_high": fit.yi + 0.3, "k": 3, "n": 1234})
    counts = pd.DataFrame(random.integers(3, 60, (k, 4)), columns=["ai", "bi", "ci", "di"], index=names)
    yield "funnel", (fit,), {"filled": pd.DataFrame({"yi": [-0.4], "vi": [0.1]})}
    yield "radial", (fit,), {}
    yield "drapery", (fit,), {}
    yield "orchard", ({STRANGE: fit, "Sham": made_up(k=1)},), {"worthwhile": 0.5}
    yield "baujat", (pd.DataFrame({"contribution": fit.vi, "influence": fit.yi**2}, index=names),), {}
    yield "gosh", (pd.DataFrame({"estimate": random.normal(0.3, 0.1, 500), "i2": random.uniform(0, 90, 500)}),), {}
    replicates = pd.DataFrame({"estimate": random.normal(0.3, 0.1, 100), "tau2": random.uniform(0, 0.1, 100)})
    observed = pd.Series({"estimate": 0.3, "tau2": 0.05})
    yield "bootstrap", (Bootstrap(observed, replicates, replicates.head(k), True, 0.95, 0),), {"kind": "percentile"}
    yield "labbe", (counts,), {"groups": ("no treatment or waiting list", "acupuncture")}
    line = pd.DataFrame({"sessions": [2, 20], "estimate": [0.1, 0.5], "ci_low": [0, 0.3], "ci_high": [0.3, 0.8]})
    trials = pd.DataFrame({"yi": fit.yi, "vi": fit.vi, "sessions": random.integers(2, 20, k)})
    yield "bubble", (trials, "sessions"), {"line": line, "worthwhile": 0.5}
    yield "cumulative", (spread.set_index(pd.Index(names)),), {"worthwhile": 0.5}
    weeks = pd.concat([spread.head(6).assign(week=range(min(k, 6)), v=v) for v in (STRANGE, "sham", "usual care")])
    yield "timecourse", (weeks,), {"by": "v", "worthwhile": 0.5}
    judged = itertools.product(names, [f"domain {i} ({STRANGE})" for i in range(7)])
    lights = pd.DataFrame(judged, columns=["study_id", "domain"])
    yield "rob", (lights.assign(judgement=np.resize(["Low", "some concerns", "HIGH"], len(lights))),), {}
    diagnostics = ["rstudent", "dffits", "cooks_distance", "covariance_ratio", "tau2_deleted", "weight"]
    panel = pd.DataFrame(random.normal(0, 3, (k, 6)), columns=diagnostics, index=names)
    yield "influence", (panel,), {"flagged": panel["rstudent"] > 1}
    chosen = spread.assign(method=np.resize(["REML", "DL"], k), rows=np.resize(["all", STRANGE, None], k))
    yield "specification_curve", (chosen, ["method", "rows"]), {"headline": 0, "worthwhile": 0.5}
    relations = np.resize(["=", "<"], k)
    tests = pd.DataFrame({"n": 20 + 10 * np.arange(k), "p_value": random.uniform(1e-6, 1, k), "p_relation": relations})
    yield "albatross", (tests.assign(direction=np.sign(fit.yi)).set_index(pd.Index(names)),), {}
    yield "forest", (fit,), {"marks": np.resize(["*", "", "†"], k).tolist(), "worthwhile": 0.5}
    yield "ranking", (spread.assign(condition=names),), {"worthwhile": 0.5}
    cells = spread.assign(condition=names, comparator=np.resize(["sham", STRANGE, "usual care"], k))
    grades = np.resize(["very low", "low", None, "moderate", "high"], k)
    yield "evidence_map", (cells.assign(grade=grades),), {"certainty": "grade"}
    verdicts = np.resize(["supported", "partly", "unclear", "contradicted", "untested"], k)
    yield from networks(names[: min(max(k, 2), 14)], random)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        curve = ev.p_curve(2.2 * np.sqrt(fit.vi) + fit.yi / 9, fit.vi)
    yield "pcurve", (curve,), {}
    yield "claims", (spread.assign(claim=names, verdict=verdicts),), {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ev.SmallSample)
        fitted = ev.pool(fit.yi, fit.vi, slab=names, test="z")
    yield "trial_sequential", (ev.trial_sequential(fitted, order=np.arange(k), delta=0.5 - k / 300),), {}
    yield "next_trial", (ev.next_trial(fitted, delta=0.5),), {}
    groups = {"interval": (0.5 * k, 0.9 * k), "names": (STRANGE, "sham"), "key": ("improves", STRANGE)}
    yield "icon_array", (0.7 * k, 0.4 * k, k), groups


def networks(names, random):
    """The figures of a network whose treatments have these names: one that all meet, and a chain."""
    names = names if len(names) > 1 else [*names, "sham"]
    pairs = [(0, i) for i in range(1, len(names))] + [(i, i + 1) for i in range(1, len(names) - 1)]
    rows = [(f"t{n}", names[a], names[b]) for n, (a, b) in enumerate(pairs * 2)]
    frame = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2"])
    frame = frame.assign(yi=random.normal(0.3, 0.4, len(frame)), vi=random.uniform(0.01, 0.2, len(frame)))
    net = ev.network(frame, reference=names[0])
    yield "network", (net,), {"people": {name: 10.0 ** (i % 5) for i, name in enumerate(names)}}
    yield "rankogram", (net.ranking(draws=500),), {}
    yield "league", (net.league(),), {}
    yield "contributions", (net,), {}
    yield "net_heat", (looped(names, random),), {}


def looped(names, random):
    """A network with a loop, and so something to contradict, whatever the names."""
    names = names if len(names) > 3 else [*names, "A", "B", "C"]
    pairs = [(0, 1), (1, 2), (0, 2), (2, 3), (1, 3), *((i, i + 1) for i in range(3, len(names) - 1))]
    one, two = ([names[pair[side]] for pair in pairs] for side in (0, 1))
    return ev.network(
        random.normal(0.3, 0.4, len(pairs)),
        one,
        two,
        [f"t{i}" for i in range(len(pairs))],
        names[0],
        vi=[0.02] * len(pairs),
    )


FIGURES = [
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


@pytest.fixture(scope="module")
def drawn_from(made_up):
    """``drawn_from(k)``: of each figure what it is drawn from, made once."""
    return cache(lambda k: {name: (args, options) for name, args, options in frames(k, made_up)})


@pytest.fixture(scope="module")
def draw(drawn_from):
    """``draw(name, k, **style)``: a figure."""

    def drawn(name, k, **style):
        args, options = drawn_from(k)[name]
        return getattr(ev.plots, name)(*args, **options, **style)

    return drawn


def test_every_figure_is_here(drawn_from):
    assert sorted(drawn_from(5)) == FIGURES
    assert set(FIGURES) | {"fit_to", "save", "theme", "unreadable"} == set(ev.plots.__all__)


def test_no_figure_takes_the_treatment_for_granted():
    signatures = {name: str(inspect.signature(getattr(ev.plots, name))) for name in FIGURES}
    assert "('comparator', 'treatment')" in signatures["forest"]
    assert not [name for name, told in signatures.items() if "acupuncture" in told]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    ("k", "context"), [(1, "blog"), (2, "blog"), (5, "paper"), (5, "slide"), (30, "blog"), (120, "blog")]
)
def test_every_figure_can_be_read(name, k, context, draw):
    with ev.theme(context):
        ax = draw(
            name,
            k,
            title="What was found, in a sentence that needs two lines $a_b$",
            source="Source: data " * 12,
        )
        found = unreadable(ax.figure, smallest=9 if context != "paper" else 8)
    assert found == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_the_same_bytes_and_leaves_settings_alone(name, draw, tmp_path):
    before = dict(mpl.rcParams)
    files = []
    for i in range(2):
        files.append(save(draw(name, 5, title="<script>$x_1$"), tmp_path / f"{i}.svg"))
        plt.close("all")
    assert dict(mpl.rcParams) == before
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "<script" not in files[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_draws_where_it_is_told_and_says_its_title_and_source_as_they_are(name, draw):
    figure, (left, right) = plt.subplots(1, 2, figsize=(16, 6))
    ax = draw(name, 5, ax=right, title="costs $x_1$ or $5", source="My $x_1$")
    assert ax is right and plt.get_fignums() == [figure.number] and not left.texts
    shown = texts(figure)
    assert {"costs $x_1$ or $5", "My $x_1$"} <= {text.get_text() for text in shown}
    assert not any(text.get_parse_math() for text in shown if "$" in text.get_text()), "no word is mathematics"


FROM_RESULTS = (
    *("bootstrap", "contributions", "drapery", "forest", "funnel", "net_heat", "network", "next_trial", "orchard"),
    *("pcurve", "radial"),
    "trial_sequential",
)
FROM_NUMBERS = ("icon_array",)


@pytest.mark.parametrize("name", [n for n in FIGURES if n not in (*FROM_RESULTS, *FROM_NUMBERS)])
def test_every_figure_names_what_is_missing(name, drawn_from):
    args, options = drawn_from(5)[name]
    with pytest.raises(ev.InvalidInput, match=name):
        getattr(ev.plots, name)(args[0].iloc[:, :1], *args[1:], **options)
