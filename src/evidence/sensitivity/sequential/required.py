"""How many people a meta-analysis needs to show an effect: what one trial would need, and more as trials differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from scipy.special import expit, logit, ndtri

from ...effects.arguments import require_between, require_choice, require_count, require_finite, require_number, shown
from ...errors import InvalidInput, NotEstimable
from ...models import wording
from ...models.result import Result

RiskMeasure = Literal["RD", "RR", "OR"]


@dataclass(frozen=True, repr=False, eq=False)
class RequiredInformation(Result):
    """The size a meta-analysis needs.

    Attributes
    ----------
    people : int
        In all trials and both arms together, arms of equal size.
    people_unadjusted : int
        The same if all trials had the same true effect: the size of one trial.
    trials : int or None
        Trials that share them, where tau2 was given.
    diversity : float
        Share of the variance of the pooled effect that is due to differences between trials, from 0 to 1.
    delta : float
        The effect to be shown.
    alpha : float
        Two-sided.
    power : float
        Chance of finding ``delta`` where it is real.

    See Also
    --------
    required_information_size : Makes it.
    trial_sequential : How far trials have come.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.required_information_size(delta=0.5, sd=1, power=0.8).people
    126
    """

    people: int
    people_unadjusted: int
    trials: int | None
    diversity: float
    delta: float
    alpha: float
    power: float

    def sentence(self) -> str:
        aim = f"To show an effect of {wording.number(self.delta)} with a power of {wording.percent(self.power)} at a "
        aim += f"two-sided level of {wording.percent(self.alpha)}, a meta-analysis needs {self.people:,} people"
        if self.trials is not None:
            aim += f" in {self.trials} trial{'s' if self.trials > 1 else ''}"
        if self.people == self.people_unadjusted:
            return aim + "."
        return f"{aim}; {self.people_unadjusted:,} would do if all trials had the same true effect."

    def _title(self) -> str:
        return "Required information size"

    def _lines(self) -> list[str]:
        lines = [self.sentence()]
        if self.diversity:
            lines.append(f"diversity D² = {wording.number(100 * self.diversity, 1)}%")
        return lines

    def _row(self) -> dict[str, object]:
        return {
            "people": self.people,
            "people_unadjusted": self.people_unadjusted,
            "trials": self.trials,
            "diversity": self.diversity,
            "delta": self.delta,
            "alpha": self.alpha,
            "power": self.power,
        }


def required_information_size(
    delta: float,
    sd: float | None = None,
    p_control: float | None = None,
    *,
    measure: RiskMeasure = "RD",
    alpha: float = 0.05,
    power: float = 0.9,
    diversity: float | None = None,
    tau2: float | None = None,
    trials: int | None = None,
) -> RequiredInformation:
    """Size of a meta-analysis that shows an effect with a given power.

    Parameters
    ----------
    delta : float
        Effect to be shown: a difference in means in the units of ``sd``; with ``p_control`` a difference in risk, or
        the logarithm of a ratio (see ``measure``), of the treated against controls.
    sd : float, optional
        Standard deviation within groups; 1 for standardised differences.
    p_control : float, optional
        Risk of an event among controls; in place of ``sd``.
    measure : {"RD", "RR", "OR"}
        What ``delta`` is beside ``p_control``: a risk difference, a log risk ratio or a log odds ratio.
    alpha : float
        Two-sided level of the test.
    power : float
        Chance to find the effect.
    diversity : float, optional
        D2, from 0 to below 1: the share by which differences between trials add to the variance of the pooled effect.
    tau2 : float, optional
        In place of diversity: variance of true effects between trials, in squared units of ``delta``.
    trials : int, optional
        Trials of equal size, beside tau2; by default the fewest that can reach this power.

    Returns
    -------
    RequiredInformation
        ``.people`` in both arms of all trials.

    Raises
    ------
    InvalidInput
        An option is missing or outside of its range.
    NotEstimable
        Trials so few that tau2 lets no size reach the power.

    See Also
    --------
    trial_sequential : Takes diversity from trials, and shows how far they have come.
    next_trial : Size of one further trial.

    Notes
    -----
    N = 4 nu (z(1 - alpha / 2) + z(power))^2 / delta^2, with nu = sd^2, or p (1 - p) at the mean p of both risks and
    their difference for delta (Wetterslev 2008, eq. 1). Diversity multiplies it by 1 / (1 - D2) (Wetterslev 2009). With
    tau2 and k trials of n people each it solves k / (u / n + tau2) = (z(1 - alpha / 2) + z(power))^2 / delta^2 for n,
    where u / n is the sampling variance of a trial; this takes more than tau2 (z + z)^2 / delta^2 trials (Kulinskaya &
    Wood 2014).

    References
    ----------
    Wetterslev, Thorlund, Brok & Gluud (2008), Journal of Clinical Epidemiology 61:64, 10.1016/j.jclinepi.2007.03.013.
    Wetterslev, Thorlund, Brok & Gluud (2009), BMC Medical Research Methodology 9:86, 10.1186/1471-2288-9-86.
    Kulinskaya & Wood (2014), Research Synthesis Methods 5:297, 10.1002/jrsm.1113.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.required_information_size(delta=0.5, sd=1).people
    169
    >>> ev.required_information_size(delta=0.5, sd=1, diversity=0.4).people
    281
    >>> ev.required_information_size(delta=-0.05, p_control=0.2, power=0.8).people
    1814
    """
    _check(delta, sd, p_control, measure, alpha, power, diversity, tau2, trials)
    z = float(ndtri(1 - alpha / 2) + ndtri(power))
    if p_control is None:
        assert sd is not None
        unit, own_unit, difference = *(4 * float(sd) ** 2,) * 2, delta
    else:
        treated = _TREATED[measure](p_control, delta)
        if not 0 < treated < 1:
            raise InvalidInput(
                f"delta {delta:g} beside p_control {p_control:g} makes the risk of the treated {treated:g}; it has to "
                'lie between 0 and 1 (delta is a difference in risk, unless measure= is "RR" or "OR")'
            )
        mean = (p_control + treated) / 2
        unit, difference = 4 * mean * (1 - mean), treated - p_control
        own_unit = unit if measure == "RD" else 2 * (_UNIT[measure](p_control) + _UNIT[measure](treated))
    single = unit * (z / difference) ** 2
    people, share = single, 0.0
    if diversity is not None:
        people, share = single / (1 - diversity), float(diversity)
    elif tau2:
        trials = _trials(tau2, trials, (z / delta) ** 2)
        precision = (delta / z) ** 2  # the variance that the pooled effect may have
        people, share = own_unit / (precision - tau2 / trials), tau2 / trials / precision
    return RequiredInformation(_whole(people), _whole(single), trials, share, float(delta), float(alpha), float(power))


def _trials(tau2: float, trials: int | None, information: float) -> int:
    fewest = math.floor(tau2 * information * (1 + 1e-12)) + 1
    if trials is not None and trials < fewest:
        raise NotEstimable(
            f"with tau2 = {tau2:g} and trials = {trials} no size reaches this power; it takes at least {fewest} trials"
        )
    return fewest if trials is None else trials


def _whole(people: float) -> int:
    return math.ceil(people * (1 - 1e-12))


def _check(
    delta: object,
    sd: object,
    p_control: object,
    measure: object,
    alpha: object,
    power: object,
    diversity: object,
    tau2: object,
    trials: object,
) -> None:
    require_delta(delta)
    if (sd is None) == (p_control is None):
        raise InvalidInput("give sd= (1 for standardised differences) or p_control=, one of both")
    if sd is not None:
        require_between("sd", sd, 0, 1e100)
    if p_control is not None:
        require_between("p_control", p_control, 1e-12, 1)
    require_choice("measure", measure, _TREATED)
    require_between("alpha", alpha, 1e-12, 1)
    require_power(power, alpha)
    if diversity is not None:
        require_number("diversity", diversity, 0, math.nextafter(1, 0), "is not a share from 0 to below 1")
    if tau2 is not None:
        require_number("tau2", tau2, 0, math.inf, "is not a variance; give a number of at least 0")
        if diversity is not None:
            raise InvalidInput("give diversity= or tau2=, not both")
    if trials is not None:
        require_count("trials", trials, 1)
        if tau2 is None:
            raise InvalidInput("trials= goes with tau2=")


def require_delta(delta: object) -> None:
    """Raise `InvalidInput` unless ``delta`` is a number whose square can be divided by."""
    require_finite("delta", delta)
    if not _LEAST <= abs(float(delta)) <= 1 / _LEAST:  # type: ignore[arg-type]  # a number by now
        worth = "give the effect to be shown, such as the smallest that is worthwhile"
        raise InvalidInput(f"delta is {shown(delta)}; {worth}, of a size from {_LEAST:g} to {1 / _LEAST:g}")


def require_power(power: object, alpha: object) -> None:
    """Raise `InvalidInput` unless ``power`` is a probability above that of a false alarm."""
    require_between("power", power, 0, 1)
    if power <= alpha:  # type: ignore[operator]  # both are numbers by now
        raise InvalidInput(f"power is {shown(power)}; give a probability above alpha, such as 0.9")


#: Risk of the treated, from that of controls and delta.
#: A smaller effect has a square that nothing can be divided by.
_LEAST = 1e-60
_TREATED: Mapping[RiskMeasure, Callable[[float, float], float]] = {
    "RD": lambda p, delta: p + delta,
    "RR": lambda p, delta: p * math.exp(delta),
    "OR": lambda p, delta: float(expit(logit(p) + delta)),
}
#: Variance of the log risk or log odds in one group, times its people.
_UNIT: Mapping[RiskMeasure, Callable[[float], float]] = {
    "RR": lambda p: 1 / p - 1,
    "OR": lambda p: 1 / (p * (1 - p)),
}
