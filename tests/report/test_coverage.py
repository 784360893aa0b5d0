"""What is said of coverage is what validation/coverage.py found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import evidence as ev

ROOT = Path(__file__).parents[2]
LITTLE = ["tau² 0.02", "tau² 0.05", "tau² 0.1"]


@pytest.fixture(scope="module")
def new_trial() -> pd.DataFrame:
    return pd.read_csv(ROOT / "docs" / "coverage" / "new_trial.csv")


def held(table: pd.DataFrame, way: str, trials: list[int]) -> str:
    """Least and greatest coverage where trials differ little."""
    cells = table[(table["way"] == way) & table["trials"].isin(trials)][LITTLE]
    return f"{cells.min().min()} to {cells.max().max()} of 100"


def test_the_usual_prediction_intervals_hold_what_the_texts_say(new_trial: pd.DataFrame) -> None:
    said = held(new_trial, "t, k − 1", [5, 10])
    for text in ((ROOT / "docs" / "method.md").read_text(), (ROOT / "CHANGELOG.md").read_text(), str(ev.pool.__doc__)):
        assert said in " ".join(text.split())
    page = " ".join((ROOT / "docs" / "coverage.md").read_text().split())
    assert held(new_trial, "t, k − 1", [5, 10, 20]) in page


def test_the_bayesian_one_holds_what_the_reference_says(new_trial: pd.DataFrame) -> None:
    ours = new_trial[new_trial["way"].str.startswith("Bayes")].filter(like="tau²")
    assert f"covers {ours.min().min()} or more" in " ".join(str(ev.pool.__doc__).split())


def test_the_bayesian_mean_is_as_much_shorter_as_the_method_says() -> None:
    mean = pd.read_csv(ROOT / "docs" / "coverage" / "mean.csv").set_index(["trials", "way"])["width"]
    share = mean.xs("Bayes, half-normal (0.5)", level="way") / mean.xs(
        "Hartung-Knapp, never narrower than z", level="way"
    )
    assert share[2] == pytest.approx(1 / 3, abs=0.05) and share[3] == pytest.approx(3 / 4, abs=0.05)
    assert "a third (two trials) and three quarters (three)" in (ROOT / "docs" / "method.md").read_text()


def test_what_is_off_nominal_is_said(new_trial: pd.DataFrame) -> None:
    page = " ".join((ROOT / "docs" / "coverage.md").read_text().split())
    three = new_trial[new_trial["trials"] == 3].set_index("way").filter(like="tau²")
    ours = three.loc["Bayes, half-normal (0.5)"]
    assert f"t with k − 1 falls to {three.loc['t, k − 1'].min()}" in page
    assert f"({ours.min()} to {ours.max()})" in page
    assert (three.loc[["t, k − 2 (Riley)", "Bayes, flat in tau"]] == 100).all(axis=None)
    normal, ordinary = (new_trial[new_trial["way"] == way] for way in ("z", "t, k − 1"))
    assert (normal[LITTLE].to_numpy() < ordinary[LITTLE].to_numpy()).all()
    sizes = pd.read_csv(ROOT / "docs" / "coverage" / "tests.csv").set_index("test").filter(like="tau²")
    assert 5 < sizes.loc["small studies: Egger's, classical"].max().max() <= 10
    assert sizes.loc["small studies: Egger's, mixed effects, 1/√n"].max().max() < 5.5
