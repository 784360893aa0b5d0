"""Risk of bias: a light for every trial and domain."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from ..errors import InvalidInput
from ..languages import N_, _
from .parts.canvas import close_axes, open_axes, room_for
from .parts.frames import Table, need, table_of
from .parts.lights import KEY, draw_light, sign_of
from .parts.options import reads_options
from .parts.strokes import stroke
from .parts.text import NAME, counted, plain, shorten, width, wrap, write
from .parts.theme import FAINT, INK, MUTED, RULE, small_size

#: Height that names of domains may take, in font sizes.
_LONGEST = 24
_OF_BIAS = (*(words for sign, words in KEY), N_("not judged"))


@reads_options
def rob(
    result: Table,
    *,
    study: str = "study_id",
    domain: str = "domain",
    judgement: str = "judgement",
    key: Sequence[str] = _OF_BIAS,
    unit: str = "trial",
    title: str | None = None,
    source: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw judgements as lights: trials down, domains across under their names, which run upwards.

    Parameters
    ----------
    result : frame, or result with such rows
        One row a judgement, as in ``db.risk_of_bias``: trial, domain, and low, some concerns (or unclear, moderate)
        or high (or serious, critical), in any case. The order of the frame is kept.
    study : str
        Column that names the trial.
    domain : str
        Column that names the domain.
    judgement : str
        Column with the judgement.
    key : sequence of str
        What the three lights and an empty place say.
    unit : str
        What a row is, in one word.
    title : str, optional
        Heading.
    source : str, optional
        Where the numbers come from: the line under the figure.
    ax : Axes, optional
        Where to draw, already of its final size; a new figure when not given.

    Returns
    -------
    Axes
        Its units are points.

    Raises
    ------
    InvalidInput
        A column is missing, a judgement is unknown, or a trial is judged twice in one domain.

    See Also
    --------
    plots.forest : lights beside the trials, ``risk_of_bias=``.
    certainty : what risk of bias does to an answer.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import pandas as pd
    >>> import evidence as ev
    >>> lights = pd.DataFrame({"study_id": ["Ada", "Bo"], "domain": "blinding", "judgement": ["low", "high"]})
    >>> ax = ev.plots.rob(lights)
    >>> [text.get_text() for text in ax.texts if text.get_text() in ("+", "−")][:2]
    ['+', '−']
    >>> plt.close(ax.figure)
    """
    if len(key) != len(KEY) + 1:
        raise InvalidInput(f"rob: key is {key!r}; give words for {', '.join(sign for sign, _ in KEY)} and for no light")
    frame = table_of("rob", result)
    lights = _lights(frame, study, domain, judgement)
    studies, domains = list(dict.fromkeys(frame[study])), list(dict.fromkeys(frame[domain]))
    small = small_size()
    total = room_for(ax)
    widest = max(width(plain(one), small) for one in studies)
    least = max(min(widest, 0.34 * total), 6 * small)  # of the names, whatever the domains need
    step = min(3.4 * small, (total - least - 1.5 * small) / len(domains))
    names = max(least, min(widest, total - 1.5 * small - step * len(domains)))
    row = 1.9 * small
    heads = _heads(domains, max(1, int((step - 0.2 * small) / (1.2 * small))))
    head = max(width(line, small) for lines in heads for line in lines) + 0.8 * small
    told = _key_lines(key, total)
    height = head + row * len(studies) + (1.6 + 1.8 * len(told)) * small
    ax, owned = open_axes(ax, height)
    ax.set(xlim=(0, total), ylim=(height, 0))
    ax.axis("off")
    text = {"va": "center_baseline", "fontsize": small}
    left = names + 1.5 * small
    centres = [left + step * (i + 0.5) for i in range(len(domains))]
    for centre, lines in zip(centres, heads, strict=True):
        upright = {"ha": "center", "va": "bottom", "rotation": 90, "linespacing": 1.1, "label": NAME}
        write(ax, centre, head - 0.5 * small, "\n".join(lines), fontsize=small, color=MUTED, **upright)
    write(ax, 0, head - 0.9 * small, counted(len(studies), unit), color=MUTED, **text)
    right = left + step * len(domains)
    stroke(ax, [0, right], [head] * 2, color=RULE, linewidth=0.8)
    for j, one in enumerate(studies):
        y = head + row * (j + 0.55)
        write(ax, 0, y, shorten(plain(one), names + 0.5, small), color=INK, label=NAME, **text)
        stroke(ax, [0, right], [y + row / 2] * 2, color=FAINT, linewidth=0.6, zorder=0)
        for centre, field in zip(centres, domains, strict=True):
            if (one, field) in lights:
                draw_light(ax, centre, y, lights[one, field])
    for nth, line in enumerate(told):
        _draw_key(ax, head + row * len(studies) + (2 + 1.8 * nth) * small, line)
    return close_axes(ax, owned, title, source, height if owned else None)


def _lights(frame: pd.DataFrame, study: str, domain: str, judgement: str) -> dict[tuple[object, object], str]:
    frame = need("rob", frame, study, domain, judgement, labels=(study, domain))
    lights: dict[tuple[object, object], str] = {}
    for one, field, words in frame[[study, domain, judgement]].itertuples(index=False):
        light = sign_of(words, f"rob ({one}, {field})")
        if not light:
            continue
        if lights.setdefault((one, field), light) != light:
            raise InvalidInput(f"rob: {one!r} is judged twice, differently, in {field!r}")
    return lights


def _key_lines(key: Sequence[str], room: float) -> list[list[tuple[str, str, float]]]:
    """What each light says, with its sign ("" for no light) and the room that it takes, on lines that fit."""
    small = small_size()
    *lit, empty = key
    said = [
        (sign, words, width(words, small) + 3.2 * small) for (sign, _words), words in zip(KEY, map(_, lit), strict=True)
    ]
    words = _("empty: {what}", what=_(empty))
    lines: list[list[tuple[str, str, float]]] = [[]]
    for one in [*said, ("", words, width(words, small) + 0.3 * small)]:
        if lines[-1] and sum(taken for *_sign, taken in [*lines[-1], one]) > room:
            lines.append([])
        lines[-1].append(one)
    return lines


def _draw_key(ax: Axes, y: float, line: Sequence[tuple[str, str, float]]) -> None:
    small = small_size()
    x = 0.7 * small
    for sign, words, taken in line:
        if sign:
            draw_light(ax, x, y, sign)
        start, colour = (x + 1.1 * small, INK) if sign else (x - 0.4 * small, MUTED)
        write(ax, start, y, words, va="center_baseline", fontsize=small, color=colour)
        x += taken


def _heads(domains: Sequence[object], most: int) -> list[list[str]]:
    """Names of the domains on ``most`` lines or fewer each, as short as that allows."""
    small = small_size()
    names = [plain(domain) for domain in domains]
    reach = max(width(word, small) for name in names for word in name.split(" "))
    while reach < _LONGEST * small and any(len(wrap(name, reach, small)) > most for name in names):
        reach += small
    lines = [wrap(name, reach, small) for name in names]
    return [
        some if len(some) <= most else [*some[: most - 1], shorten(" ".join(some[most - 1 :]), reach, small)]
        for some in lines
    ]
