"""Every trial by every check: `evidence.screen`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...base.once import once
from ...effects.inputs import require_distinct
from ...errors import InvalidInput
from ...languages import N_, _, decimal, joined
from ...models.result import Result
from ..evidence_base import EvidenceBase
from ..labels import labels
from .concern import CONCERNS, MISFITS, concerns, overridden
from .finding import COLUMNS, SERIOUS, SLIGHT, SOME, Columns, together
from .material import Material
from .own_trials import own_findings
from .registry import CHECKS

_LIGHTS = {"": "low", SLIGHT: "low", SOME: "some", SERIOUS: "high"}
_ORDER = ["", SLIGHT, SOME, SERIOUS]
_KEY = (N_("fits"), N_("a number does not fit"), N_("left out of headlines"), N_("not checked"))
_ABSENT = "no result of the kind that this check asks about"
_FIRST = ["study", "check", "passes", "number", "rule", "severity", "item", "printed", "label", "source_url"]


@dataclass(frozen=True, repr=False, eq=False)
class Screening(Result):
    """What the checks found, number by number and trial by trial.

    Attributes
    ----------
    findings : DataFrame
        One row a number (or set of numbers) and check, and one for each check that a trial gives nothing to: ``study,
        check, passes`` (NA where it cannot be checked), ``number, rule, severity`` ("", "slight", "some", "serious"),
        ``item`` (result row, rows joined by "|", or arm), ``printed`` (the numbers), ``label, source_url``.
    trials : DataFrame
        One row a trial: ``study, label, concern`` ("no concern", "some concern", "serious concern"), ``reasons,
        source_url``.

    See Also
    --------
    screen : makes it.
    grim : one of the checks by itself.

    Examples
    --------
    >>> import evidence as ev
    >>> trials = ev.screen(ev.load().select(condition="disc_herniation")).trials.set_index("study")
    >>> trials.loc["wang-2005-lbpnma", "concern"]
    'serious concern'
    """

    findings: pd.DataFrame
    trials: pd.DataFrame

    _figure = "rob"

    def sentence(self) -> str:
        """How many trials print numbers that cannot be right, and what that means.

        Returns
        -------
        str
            Three sentences.
        """
        many = self.trials["concern"].value_counts()
        serious, some = (int(many.get(CONCERNS[severity], 0)) for severity in (SERIOUS, SOME))
        counted = _(
            "Of {all} trials, {serious} rest a result on numbers that cannot be right as printed, or on scores that "
            "spread far less than all others of their kind, and {some} more have a single number that does not fit.",
            all=decimal(len(self.trials)),
            serious=decimal(serious),
            some=decimal(some),
        )
        causes = _(
            "Misprints, standard errors in the place of standard deviations and slips in copying, ours too, are the "
            "usual causes."
        )
        return joined(counted, causes, _("Each flag leads to its source."))

    def flagged(self) -> pd.DataFrame:
        """The misfits that weigh: findings of severity "some" or "serious".

        Returns
        -------
        DataFrame
            Rows of ``findings``, the serious ones first, with an index from 0.
        """
        rows = self.findings[self.findings["severity"].isin([SOME, SERIOUS])]
        return rows.sort_values(["severity", "study"], key=_by_weight, kind="stable", ignore_index=True)

    def _title(self) -> str:
        return f"screening of {len(self.trials)} trials by {self.findings['check'].nunique()} checks"

    def _lines(self) -> list[str]:
        serious = self.trials[self.trials["concern"] == CONCERNS[SERIOUS]]
        named = zip(serious["label"], serious["reasons"], strict=True)
        return [self.sentence(), *(f"{label}: {reasons}" for label, reasons in named)]

    def _rows(self) -> pd.DataFrame:
        return self.findings

    def _drawing(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """A light for each trial with a concern and each check that found one anywhere."""
        concerned = self.trials[self.trials["concern"] != CONCERNS[""]]
        order = {study: at for at, study in enumerate(concerned.sort_values(["concern", "study"])["study"])}
        asked = self.findings[self.findings["study"].isin(order) & self.findings["passes"].notna()]
        weight = asked["severity"].map(_ORDER.index)
        worst = weight.groupby([asked["study"], asked["check"]]).max().reset_index()
        weighty = worst.loc[worst["severity"] >= _ORDER.index(SOME), "check"]
        checks = [check for check in MISFITS if check in set(weighty)]
        worst = worst[worst["check"].isin(checks)]
        names = dict(zip(concerned["study"], concerned["label"], strict=True))
        frame = pd.DataFrame(
            {
                "study": worst["study"].map(names),
                "check": worst["check"].map(MISFITS),
                "severity": [_LIGHTS[_ORDER[weight]] for weight in worst["severity"]],
                "row": worst["study"].map(order),
                "column": worst["check"].map(checks.index),
            }
        )
        options = {"study": "study", "domain": "check", "judgement": "severity", "key": _KEY}
        return (frame.sort_values(["row", "column"]),), options


def screen(trials: EvidenceBase | pd.DataFrame) -> Screening:
    """Ask of every number in a base, or in a file of one's own, whether it can be right as printed.

    Parameters
    ----------
    trials : EvidenceBase or DataFrame
        A base, or a selection of one: its trials are held against all trials of the whole base. Or a frame with a row
        a trial (see `read_trials`): ``label``, and ``yi`` with ``vi``, ``m1 sd1 n1 m2 sd2 n2`` or both; where there
        are, ``low`` and ``high`` (the ends of the scale), ``items`` (of how many whole numbers a score is the mean),
        ``ci_low, ci_high`` and ``p``.

    Returns
    -------
    Screening
        ``to_frame()``: every finding. ``trials``: one word about each trial, by the rule of
        `evidence.derive.screening.concern`.

    Raises
    ------
    InvalidInput
        Neither a base nor such a frame.

    See Also
    --------
    pool : Headlines leave out trials with a serious concern.
    sd_plausible : One of the checks by itself.
    multiverse : The choice ``integrity`` takes them in.

    Notes
    -----
    A flag says that numbers do not fit, never why. Headline pools, reference SDs and verdicts leave out trials with a
    serious concern, and the pool with them stands beside.

    References
    ----------
    Wilkinson et al. (2025), INSPECT-SR, 10.1101/2025.09.03.25334905.

    Examples
    --------
    >>> import evidence as ev
    >>> found = ev.screen(ev.load())
    >>> bool((found.to_frame()["severity"] == "serious").any())
    True
    """
    if isinstance(trials, EvidenceBase):
        whole = _whole(trials if trials.whole is None else trials.whole)
        kept = set(trials.studies["study_id"])
        return Screening(*(table[table["study"].isin(kept)].reset_index(drop=True) for table in whole))
    if not isinstance(trials, pd.DataFrame):
        raise InvalidInput(f"trials is a {type(trials).__name__}: give an EvidenceBase or a frame with a row a trial")
    require_distinct(trials)
    found = own_findings(trials)
    names = pd.Series(found["study"].unique(), dtype=object)
    table = concerns(names, found, pd.DataFrame(columns=["study_id", "check", "concern", "reason"]))
    found = found.assign(label=found["study"], source_url="")
    return Screening(found[_FIRST], table.assign(label=table["study"], source_url="")[_OF_TRIALS])


_OF_TRIALS = ["study", "label", "concern", "reasons", "source_url"]


@once
def integrity(db: EvidenceBase) -> dict[str, str]:
    """Trial to "some" or "serious"; absent where there is no concern.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    """
    severity = {word: name for name, word in CONCERNS.items()}
    trials = _judged(db, tuple(CHECKS))[1]
    words = zip(trials["study"], trials["concern"].map(severity), strict=True)
    return {study: name for study, name in words if name}


@once
def serious(db: EvidenceBase) -> frozenset[str]:
    """Trials with a serious concern; the checks that cannot give one are not made.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    """
    trials = _judged(db, _weighty(db))[1]
    return frozenset(trials.loc[trials["concern"] == CONCERNS[SERIOUS], "study"])


@once
def too_tight(db: EvidenceBase) -> frozenset[str]:
    """Trials with a serious concern for nothing but scores that spread far less than those of all other trials.

    Such numbers may be right; a result is not rested on them all the same.

    Parameters
    ----------
    db : EvidenceBase
        The whole base.
    """
    found = _judged(db, _weighty(db))[0]
    found = found[found["severity"] == SERIOUS]
    small = (found["check"] == "se_as_sd") | ((found["check"] == "sd_plausible") & (found["number"] <= 1))
    return frozenset(found["study"][small]) & serious(db) - frozenset(found["study"][~small])


def _weighty(db: EvidenceBase) -> tuple[str, ...]:
    """The checks that can make a concern serious, by themselves or where somebody judged their misfits."""
    judged = set(db.integrity_overrides["check"])
    return tuple(name for name, check in CHECKS.items() if check.weighs == SERIOUS or name in judged)


@once
def _judged(db: EvidenceBase, checks: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Findings of some checks of a whole base, and the word about each trial that follows from them."""
    found = together((name, part) for name in checks for part in _found(db, name))
    found = overridden(found, db.integrity_overrides)
    return found, concerns(db.studies["study_id"], found, db.integrity_overrides)


@once
def _found(db: EvidenceBase, check: str) -> list[Columns]:
    return list(CHECKS[check].ask(_material(db)))


@once
def _material(db: EvidenceBase) -> Material:
    return Material(db)


@once
def _whole(db: EvidenceBase) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Findings and trials of a whole base as `screen` shows them."""
    found, trials = _judged(db, tuple(CHECKS))
    names = labels(db)
    pages = dict(zip(db.studies["study_id"], db.studies["source_url"], strict=True))
    sources = dict(zip(db.results["result_id"], db.results["source_url"], strict=True))
    found = pd.concat([found, _not_asked(found, db.studies["study_id"])], ignore_index=True)
    own = found["item"].map(lambda item: sources.get(item.partition("|")[0]))
    found = found.assign(label=found["study"].map(names), source_url=own.fillna(found["study"].map(pages)))
    order = {name: at for at, name in enumerate(CHECKS)}
    found = found.sort_values(
        ["study", "check", "item"], key=lambda x: x.map(order) if x.name == "check" else x, ignore_index=True
    )
    trials = trials.assign(label=trials["study"].map(names), source_url=trials["study"].map(pages))
    return found[_FIRST], trials[_OF_TRIALS]


def _not_asked(found: pd.DataFrame, studies: pd.Series) -> pd.DataFrame:
    """A row for each trial and check without any finding."""
    every = pd.MultiIndex.from_product([studies, list(CHECKS)], names=["study", "check"])
    absent = every.difference(pd.MultiIndex.from_frame(found[["study", "check"]]).unique()).to_frame(index=False)
    rows = absent.assign(item="", printed="", number=float("nan"), rule=f"cannot be checked: {_ABSENT}", severity="")
    return rows.assign(passes=pd.array([pd.NA] * len(rows), dtype="boolean"))[[*COLUMNS, "check"]]


def _by_weight(column: pd.Series) -> pd.Series:
    return -column.map(_ORDER.index) if column.name == "severity" else column
