"""Figures, one file each: they take results or frames, draw on one Axes and return it."""

from .evidence_map import evidence_map as evidence_map
from .forest import forest as forest
from .legibility import unreadable as unreadable
from .ranking import ranking as ranking
from .theme import save as save
from .theme import theme as theme

__all__ = ["evidence_map", "forest", "ranking", "save", "theme", "unreadable"]
