"""A new trial: forms to fill in, and from filled forms to the tables of ``data/raw``."""

from .add import add_trial
from .columns import FORMS
from .forms import write_forms

__all__ = ["FORMS", "add_trial", "write_forms"]
