"""The folder of a post: its text, the figure as SVG and PNG, title and alt text by themselves."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

from ...answers.results import Results
from ...errors import InvalidInput
from ...files import write_folder
from ..figures.presets import BLOG
from ..project import Project, page_name
from .content import post
from .formats import FORMATS, written

#: What the files of a post end with, whatever its format and figure.
_ENDINGS = (".md", ".html", ".svg", ".png", "-alt.txt", "-title.txt")
#: A screen of two pixels a point shows a PNG sharp.
_SCALE = 2


def write_post(results: Results, project: Project, key: str, format: str, folder: Path) -> list[str]:
    """Write the post about a condition into a folder of its own.

    Parameters
    ----------
    results : Results
        Of the whole base.
    project : Project
        Gives citation, date of the data and address of the site.
    key : str
        Its condition.
    format : str
        One of `FORMATS`.
    folder : Path
        Made when missing; may hold an older post about the condition, which is replaced.

    Returns
    -------
    list of str
        Names of the files.

    Raises
    ------
    InvalidInput
        There is no such condition or format, or the folder holds something else: a folder is written as a whole.
    """
    files = post_files(results, project, key, format)
    mine = {f"{page_name(key)}{ending}" for ending in _ENDINGS}
    there = sorted(path.name for path in folder.iterdir() if path.name not in mine) if folder.is_dir() else []
    if there:
        raise InvalidInput(f"{folder} holds {there[0]!r}: a post needs a folder of its own; name another with --out")
    write_folder(folder, files)
    return sorted(files)


def post_files(results: Results, project: Project, key: str, format: str) -> dict[str, bytes]:
    """What `write_post` writes, by file name; the same bytes each time.

    Parameters
    ----------
    results : Results
        As for `write_post`.
    project : Project
        As for `write_post`.
    key : str
        Its condition.
    format : str
        One of `FORMATS`.
    """
    if format not in FORMATS:
        raise InvalidInput(f"format={format!r}: choose one of {', '.join(FORMATS)}")
    if key not in results.words.headline:
        raise InvalidInput(f"condition={key!r}: choose among {', '.join(results.words.headline)}")
    how, name = FORMATS[format], page_name(key)
    with BLOG.dress():
        said, files, size = post(results, project, key), {}, (0, 0)
        if said.figure:
            resolution = float(mpl.rcParams["savefig.dpi"])
            width, height = (round(side * resolution) for side in said.figure.inches)
            size = width, height
            files = {
                f"{name}.svg": said.figure.image(".svg"),
                f"{name}.png": said.figure.image(".png", _SCALE),
                f"{name}-alt.txt": f"{said.figure.alt}\n".encode(),
            }
    text = written(said, how, f"{name}.{how.picture}", size)
    return files | {f"{name}.{how.ending}": text.encode(), f"{name}-title.txt": f"{said.title}\n".encode()}
