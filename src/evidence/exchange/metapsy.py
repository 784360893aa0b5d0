"""Read tables of the Metapsy data standard as drafts: a row is a comparison of two arms.

Columns read: ``study``, ``condition_arm1``, ``condition_arm2``, ``multi_arm1``, ``multi_arm2``, ``outcome_type``,
``instrument``, ``time``, ``time_weeks``, the means (``mean_arm1``, ``sd_arm1``, ``n_arm1``, ...), changes
(``mean_change_arm1``, ...), baselines (``baseline_m_arm1``, ``baseline_sd_arm1``, ``baseline_n_arm1``, ...), counts
(``event_arm1``, ``totaln_arm1``, ...), ``precalc_g`` with ``precalc_g_se``; and, where they are there, ``year``,
``condition``, ``outcome`` and ``higher_is_better``. See https://docs.metapsy.org/data-preparation/format/.
"""

from __future__ import annotations

from .draft import Draft, study_key
from .table_source import Line, Table
from .tables_by_study import drafted
from .to_metapsy import CHANGES, COUNTS, MEANS
from .words import Words

_BASELINES = tuple(f"baseline_{name}_arm{at}" for name in ("m", "sd", "n") for at in (1, 2))
COLUMNS = (
    *("study", "condition_arm1", "condition_arm2", "multi_arm1", "multi_arm2", "outcome_type", "instrument"),
    *("time", "time_weeks", *MEANS, *CHANGES, *COUNTS, *_BASELINES, "precalc_g", "precalc_g_se"),
    *("condition", "outcome", "higher_is_better"),
)


def read(table: Table, words: Words) -> list[Draft]:
    """Drafts of a metapsy table.

    Parameters
    ----------
    table : Table
        The file.
    words : Words
        Our vocabularies.
    """
    return drafted(table, words, COLUMNS, _add, year="year")


def _add(draft: Draft, line: Line, words: Words) -> None:
    arms = [_arm(draft, line, at, words) for at in (1, 2)]
    conditions = [line.text(f"condition_arm{at}") for at in (1, 2)]
    pair, other = arms, conditions[1]
    roles = [words.key("role", said) for said in conditions]
    if roles[1] == "acupuncture" != roles[0]:
        pair, other = arms[::-1], conditions[0]
    comparator = words.key("comparator", other)
    if not comparator:
        draft.tell("comparisons", "comparator", other)
    if all(pair) and pair[0] != pair[1]:
        draft.add("comparisons", arm=pair[0], versus=pair[1], comparator=comparator)
    _condition(draft, line, words)
    shared = _measured(draft, line, words)
    for kind in (_means, _counts, _ready):
        if kind(draft, line, arms, shared):
            break
    else:
        draft.drop(f"line {line.line}: no means, changes, counts or Hedges g")
    for at, arm in zip((1, 2), arms, strict=True):
        if line.text(f"baseline_m_arm{at}"):
            mean, sd, n = (line.number(f"baseline_{name}_arm{at}") for name in ("m", "sd", "n"))
            before = {"statistic": "baseline", "when": "baseline", "week": "", "sign": "as_is", "kind": "arm"}
            draft.add("results", **shared | before, arm=arm, mean=mean, sd=sd, n=n)


def _arm(draft: Draft, line: Line, at: int, words: Words) -> str:
    condition, detail = line.text(f"condition_arm{at}"), line.text(f"multi_arm{at}")
    label = f"{condition}: {detail}" if detail else condition
    key = study_key(detail or condition) or f"arm-{at}"
    role, style = words.key("role", condition), words.key("style", condition, detail)
    if not role:
        draft.tell("arms", "role", condition)
    draft.add("arms", arm=key, role=role, style=style, label=label)
    return key


def _condition(draft: Draft, line: Line, words: Words) -> None:
    said = line.text("condition")
    condition = words.key("condition", said)
    if condition:
        draft.tables["studies"][0]["condition"] = condition
    else:
        draft.tell("studies", "condition", said)


def _measured(draft: Draft, line: Line, words: Words) -> dict[str, str]:
    names = [name for name in (line.text("outcome"), line.text("outcome_type")) if name != "msd"]  # means and SDs
    instrument, time = line.text("instrument"), line.text("time")
    cells = {
        "outcome": words.key("outcome", *names),
        "instrument": instrument,
        "instrument_id": words.key("instrument", instrument),
        "when": words.key("when", time),
        "week": line.number("time_weeks"),
        "higher_is_better": line.text("higher_is_better"),
    }
    told = {"outcome": (*names, instrument), "instrument_id": (instrument,), "when": (time,)}
    for column, said in told.items():
        if not cells[column]:
            draft.tell("results", column, *said)
    return cells


def _means(draft: Draft, line: Line, arms: list[str], shared: dict[str, str]) -> bool:
    """Means at one time, which the standard defines as scores; or changes, whose sign it leaves open."""
    for columns, statistic, sign in ((MEANS, "final", "as_is"), (CHANGES, "change", "")):
        if all(line.text(column) for column in columns[:2]):
            if not sign:
                draft.tell("results", "sign", "change between baseline and the measured time point")
            for at, arm in enumerate(arms):
                mean, sd, n = (line.number(column) for column in columns[at::2])
                row = {"kind": "arm", "statistic": statistic, "sign": sign, "mean": mean, "sd": sd, "n": n}
                draft.add("results", arm=arm, **shared | row)
            return True
    return False


def _counts(draft: Draft, line: Line, arms: list[str], shared: dict[str, str]) -> bool:
    if not all(line.text(column) for column in COUNTS[:2]):
        return False
    definition = line.text("instrument") or line.text("outcome_type")
    for at, arm in enumerate(arms):
        events, n = (line.number(column) for column in COUNTS[at::2])
        draft.add("results", arm=arm, **shared | {"kind": "events", "definition": definition, "events": events, "n": n})
    return True


def _ready(draft: Draft, line: Line, arms: list[str], shared: dict[str, str]) -> bool:
    """Hedges g, arm 1 less arm 2."""
    if not line.text("precalc_g"):
        return False
    numbers = {"estimate": line.number("precalc_g"), "se": line.number("precalc_g_se")}
    row = {"kind": "contrast", "statistic": "smd", "sign": "", "arm": arms[0], "versus": arms[1]} | numbers
    draft.tell("results", "sign", "Hedges g of arm 1 and arm 2")
    draft.add("results", **shared | row)
    return True
