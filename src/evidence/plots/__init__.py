"""Figures, one file each: they take results or frames, draw on one Axes and return it."""

from .albatross import albatross as albatross
from .baujat import baujat as baujat
from .bubble import bubble as bubble
from .claims import claims as claims
from .cumulative import cumulative as cumulative
from .drapery import drapery as drapery
from .evidence_map import evidence_map as evidence_map
from .forest import forest as forest
from .funnel import funnel as funnel
from .gosh import gosh as gosh
from .influence import influence as influence
from .labbe import labbe as labbe
from .league import league as league
from .network import network as network
from .orchard import orchard as orchard
from .parts.canvas import fit_to as fit_to
from .parts.legibility import unreadable as unreadable
from .parts.theme import save as save
from .parts.theme import theme as theme
from .pcurve import pcurve as pcurve
from .radial import radial as radial
from .ranking import ranking as ranking
from .rankogram import rankogram as rankogram
from .rob import rob as rob
from .specification_curve import specification_curve as specification_curve
from .timecourse import timecourse as timecourse

__all__ = [
    "albatross",
    "baujat",
    "bubble",
    "claims",
    "cumulative",
    "drapery",
    "evidence_map",
    "fit_to",
    "forest",
    "funnel",
    "gosh",
    "influence",
    "labbe",
    "league",
    "network",
    "orchard",
    "pcurve",
    "radial",
    "ranking",
    "rankogram",
    "rob",
    "save",
    "specification_curve",
    "theme",
    "timecourse",
    "unreadable",
]
