"""Cut the Chinese letters that the catalogue needs out of Noto Sans CJK: `python tools/chinese_font.py FOLDER`.

FOLDER holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (Debian: fonts-noto-cjk). What is cut out is bundled, so
that handouts and figures look the same everywhere; a letter that it lacks makes a test ask for this command.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.pofile import read_po
from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "src" / "evidence" / "plots" / "parts" / "chinese"
FAMILY = "Evidence Sans SC"  # a name of its own: it is not the whole font
_SC = 2  # place of simplified Chinese in the collection


def letters() -> set[str]:
    """Every letter of the catalogue and of Babel's dates."""
    with (ROOT / "src" / "evidence" / "locale" / "zh_Hans" / "LC_MESSAGES" / "evidence.po").open("rb") as file:
        said = [message.string for message in read_po(file, locale="zh_Hans") if message.id]
    texts = [text for string in said for text in ((string,) if isinstance(string, str) else string)]
    return {letter for letter in f"{''.join(texts)}年月日" if ord(letter) > 0x2E7F or letter in "“”"}


def cut(source: Path, weight: str) -> None:
    """Write one weight."""
    font = TTFont(source / f"NotoSansCJK-{weight}.ttc", fontNumber=_SC)
    options = subset.Options(layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(letters())))
    cutter.subset(font)
    for record in font["name"].names:
        named = {1: FAMILY, 4: f"{FAMILY} {weight}", 6: f"{FAMILY.replace(' ', '')}-{weight}", 3: f"{FAMILY} {weight}"}
        if record.nameID in named:
            record.string = named[record.nameID]
    cff = font["CFF "].cff
    cff.fontNames[0] = f"{FAMILY.replace(' ', '')}-{weight}"
    font["head"].modified = font["head"].created  # the same bytes each time
    font.recalcTimestamp = False
    FONTS.mkdir(parents=True, exist_ok=True)
    font.save(FONTS / f"EvidenceSansSC-{weight}.otf")


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        cut(Path(sys.argv[1]), weight)
