"""A new trial: forms to fill in, what they say so far, and from filled forms to the tables of ``data/raw``.

`forms` writes them (`workbook` the one for spreadsheets), `filled` reads them (`sheets` the workbook), `check` holds
them against every rule, `gaps` says what is still empty, `preview` what the trial would change, `add` puts it into the
data.
"""

from .add import add_trial
from .check import check_trial
from .columns import FORMS
from .forms import write_forms
from .preview import preview

__all__ = ["FORMS", "add_trial", "check_trial", "preview", "write_forms"]
