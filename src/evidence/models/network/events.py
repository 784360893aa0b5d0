"""Network meta-analysis of counts: odds ratios of rare events without corrections of zero cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from ...effects.arguments import require_choice, require_level
from ...effects.inputs import COUNT, POSITIVE, as_floats, read
from ...errors import InvalidInput, NotEstimable
from ..dependence.blocks import Ints
from ..engine.engine import Floats
from ..studies import Column
from ..values import with_column
from .contrasts import Arms, Trials, in_one_piece
from .effect_table import effect_table
from .event_result import EventNetwork
from .gls import gls, treatment_design
from .hypergeometric_arms import conditional_odds_ratios
from .mantel_haenszel_arms import mantel_haenszel_odds_ratios

EventModel = Literal["MH", "NCH"]

#: A model turns the counts of the trials of one design into log odds of its arms less their mean, with covariance.
MODELS: Mapping[EventModel, Callable[[Floats, Floats], tuple[Floats, Floats]]] = {
    "MH": mantel_haenszel_odds_ratios,
    "NCH": conditional_odds_ratios,
}


def network_events(
    events: ArrayLike | pd.DataFrame,
    n: Column = "n",
    treatment: Column = "treatment",
    study: Column = "study",
    reference: str = "sham",
    model: EventModel = "MH",
    level: float = 0.95,
) -> EventNetwork:
    """Compare many treatments by counts of events, one common odds ratio for each pair.

    Parameters
    ----------
    events : (k,) array-like, or DataFrame
        People with the event, one row an arm of a trial; or a frame with a column ``events``.
    n : str or (k,) array-like
        People in the arm: the name of a column of the frame, or one value a row.
    treatment : str or (k,) array-like
        What the arm got, likewise.
    study : str or (k,) array-like
        Its trial, likewise.
    reference : str
        The treatment the others are compared with.
    model : {"MH", "NCH"}
        Mantel-Haenszel, or non-central hypergeometric: maximum likelihood given the events of each trial.
    level : float
        Coverage of the intervals.

    Returns
    -------
    EventNetwork
        Log odds ratios of every treatment against the reference, with all that `network` gives.

    Raises
    ------
    InvalidInput
        A column or name is missing, counts do not fit together, a trial has a treatment twice or one arm.
    NotEstimable
        Nothing is left to compare, what is left falls into pieces, or an odds ratio is infinite.

    See Also
    --------
    network : Effects with their variances, and random effects.
    mantel_haenszel : Two treatments.
    glmm : Two treatments, and odds ratios that differ between trials.

    Notes
    -----
    Trials without events, or with nothing but events, say nothing of an odds ratio and are left out; so is an arm
    without events (or with nothing but) in all trials of its design, a design being the set of treatments a trial
    compares. The trials of each design give odds ratios with their covariance: for "MH" the mean of the
    Mantel-Haenszel estimates over both ways round each other arm, with the covariances of Greenland (1989); for "NCH"
    the maximum of the likelihood of how a trial's events fall on its arms. Designs are combined by least squares.

    References
    ----------
    Efthimiou, Rücker, Schwarzer, Higgins, Egger & Salanti (2019), Statistics in Medicine 38:2992, 10.1002/sim.8158.
    Greenland (1989), Biometrics 45:183. Stijnen, Hamza & Ozdemir (2010), Statistics in Medicine 29:3046.

    Examples
    --------
    >>> import pandas as pd, evidence as ev
    >>> rows = [("t1", "needle", 4, 50), ("t1", "sham", 9, 52), ("t2", "drug", 6, 40), ("t2", "sham", 8, 41),
    ...         ("t3", "needle", 3, 61), ("t3", "drug", 5, 60)]
    >>> arms = pd.DataFrame(rows, columns=["study", "treatment", "events", "n"])
    >>> ev.network_events(arms).estimates["estimate"].round(3).to_dict()
    {'drug': -0.317, 'needle': -0.879}
    """
    require_choice("model", model, MODELS)
    require_level(level)
    arms = _read(events, n, treatment, study)
    treatments = tuple(sorted(arms["treatment"].unique()))
    if str(reference) not in treatments:
        raise InvalidInput(f"reference {reference!r} is no treatment here; choose one of {', '.join(treatments)}")
    kept, left_out = _informative(arms)
    trials = _designs(kept, model)
    if str(reference) not in trials.treatments or not in_one_piece(trials):
        words = "; ".join(left_out) or "no trial connects the treatments"
        raise NotEstimable(f"what is left does not connect all treatments: {words}")
    at = trials.treatments.index(str(reference))
    fit = gls(trials, treatment_design(trials, at), 0.0)
    others = np.delete(np.arange(len(trials.treatments)), at)
    effects, covariance = np.zeros(len(trials.treatments)), np.zeros((len(trials.treatments),) * 2)
    effects[others], covariance[np.ix_(others, others)] = fit.beta, fit.covariance
    estimates = effect_table(fit.beta, fit.covariance, np.inf, level, None)
    estimates.index = pd.Index([trials.treatments[i] for i in others])
    q = fit.rss if fit.df else 0.0
    used = kept.groupby("treatment")["study"].nunique().reindex(list(trials.treatments))
    return EventNetwork(
        estimates=estimates,
        comparisons=_comparisons(kept),
        trials=used.rename_axis("treatment").rename("trials"),
        treatments=trials.treatments,
        reference=str(reference),
        tau2=0.0,
        i2=100 * max(q - fit.df, 0.0) / q if q else 0.0,
        q=q,
        q_df=fit.df,
        q_p=float(chdtrc(fit.df, q)) if fit.df else 1.0,
        k=int(kept["study"].nunique()),
        dropped=int(arms["study"].nunique() - kept["study"].nunique()),
        method="EE",
        test="z",
        level=level,
        effects=effects,
        covariance=covariance,
        df=float("inf"),
        _network=trials,
        _scale=1.0,
        model=model,
        left_out=left_out,
        people=int(kept["n"].sum()),
        events=int(kept["events"].sum()),
    )


def _read(events: ArrayLike | pd.DataFrame, n: Column, treatment: Column, study: Column) -> pd.DataFrame:
    """The arms, checked: study, treatment, events, n."""
    given: object = "events"
    frame = (
        events if isinstance(events, pd.DataFrame) else pd.DataFrame({"events": np.ravel(as_floats("events", events))})
    )
    if isinstance(events, pd.Series):
        frame = pd.DataFrame({"events": events})
    columns = {}
    for name, value in {"events": given, "n": n, "treatment": treatment, "study": study}.items():
        frame, column = with_column(frame, value, name)
        columns[name] = frame[column].to_numpy()
    for name in ("treatment", "study"):
        lacking = pd.isna(columns[name])
        if lacking.any():
            raise InvalidInput(f"row {int(np.argmax(lacking))} has no {name}")
    counts = dict(
        zip(("events", "n"), read(events=(columns["events"], COUNT), n=(columns["n"], POSITIVE)), strict=True)
    )
    arms = pd.DataFrame({"study": columns["study"], "treatment": columns["treatment"]}).astype(str).assign(**counts)
    for name in ("events", "n"):
        whole = arms[name] == np.rint(arms[name])
        if not whole.all():
            row = arms[~whole].iloc[0]
            raise InvalidInput(f"study {row['study']!r} has {name} = {row[name]:g}: a count is whole")
    for wrong, words in (
        (arms["events"] > arms["n"], "more events than people"),
        (arms.duplicated(["study", "treatment"]), "the same treatment twice; add its arms up first"),
        (arms.groupby("study")["study"].transform("size") < 2, "one arm; a comparison takes two"),
    ):
        if wrong.any():
            raise InvalidInput(f"study {arms.loc[wrong, 'study'].iloc[0]!r} has {words}")
    return arms.sort_values(["study", "treatment"], kind="stable", ignore_index=True)


def _informative(arms: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The arms that say something, with their design, and what was left out, in words."""
    arms = arms.assign(design=arms.groupby("study")["treatment"].transform(" : ".join))
    sums = arms.groupby("study")[["events", "n"]].transform("sum")
    mixed = (sums["events"] > 0) & (sums["events"] < sums["n"])
    words = [f"{study} (no event, or nothing but events)" for study in arms.loc[~mixed, "study"].unique()]
    arms = arms[mixed]
    sums = arms.groupby(["design", "treatment"])[["events", "n"]].transform("sum")
    empty = (sums["events"] == 0) | (sums["events"] == sums["n"])
    lost = arms.loc[empty, ["treatment", "design"]].drop_duplicates()
    words += [
        f"{row.treatment} in the trials of {row.design} (no event, or nothing but events)" for row in lost.itertuples()
    ]
    arms = arms[~empty]
    single = arms.groupby("design")["treatment"].transform("nunique") < 2
    return arms[~single], tuple(words)


def _designs(kept: pd.DataFrame, model: EventModel) -> Trials:
    """One comparison of arms for each design."""
    if kept.empty:
        raise NotEstimable("no trial has both people with and people without the event in two arms")
    treatments = tuple(sorted(kept["treatment"].unique()))
    found: dict[int, list[tuple[int, Ints, Floats, Floats]]] = {}
    names: list[str] = []
    for name, block in kept.groupby("design", sort=True):
        events, people = (block.pivot(index="study", columns="treatment", values=each) for each in ("events", "n"))
        arms = np.array([treatments.index(arm) for arm in events.columns])
        effects, covariance = MODELS[model](events.to_numpy(float), people.to_numpy(float))
        found.setdefault(len(arms), []).append((len(names), arms, effects, covariance))
        names.append(str(name))
    stacks = []
    for size in sorted(found):
        number, arms_of, effects_of, covariance_of = zip(*found[size], strict=True)
        stacks.append(Arms(np.array(number), np.stack(arms_of), np.stack(effects_of), np.stack(covariance_of)))
    return Trials(treatments, tuple(names), tuple(stacks), 0)


def _comparisons(kept: pd.DataFrame) -> pd.DataFrame:
    both = kept[["study", "treatment"]].merge(kept[["study", "treatment"]], on="study")
    pairs = both[both["treatment_x"] < both["treatment_y"]].groupby(["treatment_x", "treatment_y"]).size()
    return pairs.rename_axis(["treatment1", "treatment2"]).rename("k").reset_index()
