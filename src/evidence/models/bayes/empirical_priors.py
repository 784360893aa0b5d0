"""Priors of the standard deviation between studies that were estimated from thousands of Cochrane meta-analyses."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from ...effects.arguments import require_choice, shown
from ...errors import InvalidInput
from .log_t import LogT
from .priors import LogNormal

_DF = 5.0  # of the t distributions of Rhodes et al.


def turner_prior(outcome: str | None = None, comparison: str | None = None) -> LogNormal:
    """Prior for log odds ratios, by what was measured and what was compared.

    Parameters
    ----------
    outcome : str, optional
        Kind of outcome: a row of `empirical_priors`, or enough of it to tell it from the others, such as "pain" or
        "adverse events"; any by default.
    comparison : str, optional
        What was compared, likewise: "pharmacological vs. placebo / control", "pharmacological vs. pharmacological",
        "non-pharmacological vs. placebo / control", "non-pharmacological vs. pharmacological" or "non-pharmacological
        vs. non-pharmacological". Give both or neither.

    Returns
    -------
    LogNormal
        Of tau; what is published is for tau2, and both parameters are halved.

    Raises
    ------
    InvalidInput
        No such outcome or comparison, or more than one.

    See Also
    --------
    rhodes_prior : The same for standardised mean differences.
    empirical_priors : All that there are.
    bayes : What takes it.

    References
    ----------
    Turner, Jackson, Wei, Thompson & Higgins (2015), Statistics in Medicine 34:984, 10.1002/sim.6381, table IV.
    Turner, Davey, Clarke, Thompson & Higgins (2012), International Journal of Epidemiology 41:818: the same reviews.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.turner_prior("pain", "non-pharmacological vs. placebo")
    LogNormal(mu=-1.025, sigma=0.855)
    """
    row = _row("turner", {"outcome": outcome, "comparison": comparison})
    return LogNormal(float(row["location"]) / 2, float(row["scale"]) / 2)


def rhodes_prior(outcome: str | None = None, comparison: str | None = None, area: str = "other") -> LogT:
    """Prior for standardised mean differences, by what was measured, what was compared, and medical area.

    Parameters
    ----------
    outcome : str, optional
        Kind of outcome: a row of `empirical_priors`, or enough of it to tell it from the others, such as "pain"; any by
        default.
    comparison : str, optional
        "pharmacological vs. placebo / control", "pharmacological vs. pharmacological" or "non-pharmacological vs. any".
        Give both or neither.
    area : {"other", "respiratory", "cancer"}
        Diseases of the lungs, cancer, or others.

    Returns
    -------
    LogT
        Of tau, with 5 degrees of freedom; what is published is for tau2, and location and scale are halved.

    Raises
    ------
    InvalidInput
        No such outcome, comparison or area, or more than one.

    See Also
    --------
    turner_prior : The same for odds ratios.
    empirical_priors : All that there are.
    bayes : What takes it.

    Notes
    -----
    One cell is left out, since two transcriptions of the table differ in its sign: cancer, resource use,
    pharmacological vs. placebo / control.

    References
    ----------
    Rhodes, Turner & Higgins (2015), Journal of Clinical Epidemiology 68:52, 10.1016/j.jclinepi.2014.08.012, table 3 and
    appendix 3.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.rhodes_prior("pain", "non-pharmacological")
    LogT(mu=-1.51, sigma=1.135, df=5.0)
    """
    require_choice("area", area, ("other", "respiratory", "cancer"))
    row = _row("rhodes", {"outcome": outcome, "comparison": comparison}, area)
    return LogT(float(row["location"]) / 2, float(row["scale"]) / 2, _DF)


def empirical_priors() -> pd.DataFrame:
    """Every empirical prior that `turner_prior` and `rhodes_prior` know.

    Returns
    -------
    DataFrame
        prior ("turner" or "rhodes"), outcome, comparison, area, location and scale (of log tau2), source.

    See Also
    --------
    turner_prior : One of them, for odds ratios.
    rhodes_prior : One of them, for standardised mean differences.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.empirical_priors().query("outcome == 'pain'")["location"].tolist()
    [-1.83, -2.06, -2.05, -0.8, -1.38]
    """
    return _table().copy()


@cache
def _table() -> pd.DataFrame:
    with (files(__package__) / "empirical_priors.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False, dtype={"location": float, "scale": float})


def _row(prior: str, asked: dict[str, str | None], area: str = "") -> pd.Series:
    rows = _table()[_table()["prior"] == prior]
    given = {name: word for name, word in asked.items() if word is not None}
    if not given:
        return rows[rows["outcome"] == "any"].iloc[0]
    if len(given) < len(asked):
        raise InvalidInput("give both outcome and comparison, or neither: the tables are by both")
    rows = rows[(rows["area"] == area) & (rows["outcome"] != "any")]
    meant = {name: _found(name, word, list(dict.fromkeys(rows[name]))) for name, word in given.items()}
    for name, word in meant.items():
        rows = rows[rows[name] == word]
    if rows.empty:
        raise InvalidInput(
            f"there is no prior for {', '.join(given.values())} ({area}): the published cell is in doubt"
        )
    return rows.iloc[0]


def _found(name: str, word: object, known: list[str]) -> str:
    """The one of the ``known`` words that a caller means: the same, or the only one that begins with or holds it."""
    text = word.strip().lower() if isinstance(word, str) else ""
    for match in (
        [each for each in known if each == text],
        [each for each in known if text and each.startswith(text)],
        [each for each in known if text and text in each],
    ):
        if len(match) == 1:
            return match[0]
        if match:
            raise InvalidInput(f"{name} {word!r} is more than one: {'; '.join(match)}")
    raise InvalidInput(f"{name} {shown(word)} is unknown; choose one of: {'; '.join(known)}")
