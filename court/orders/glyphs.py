"""Which characters the court can print. PDF/A demands a glyph in an embedded font for every character shown."""

import functools
import logging
import subprocess
import unicodedata

from fontTools.ttLib import TTFont, TTLibError

MISSING = "〓"  # the geta mark: printers have long set it where a character could not be had
PLAIN = "?"  # where the fonts that have the geta mark are not installed either
# The faces an order may be set in. A character none of them has is not left to chance.
FAMILIES = ("Noto Serif", "Noto Serif CJK KR", "Noto Serif CJK SC", "DejaVu Serif")

log = logging.getLogger(__name__)


def _file_of(family: str) -> tuple[str, int] | None:
    """The file and the number in it of an installed family, by fontconfig; None when it is not installed."""
    try:
        found = subprocess.run(
            ["fc-list", f"{family}:style=Regular", "file", "index"], capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    for line in sorted(found.splitlines()):
        path, _, index = line.partition(":index=")
        return path.strip().rstrip(":"), int(index or 0) & 0xFFFF
    return None


@functools.cache
def printable(families: tuple[str, ...] = FAMILIES) -> frozenset[int]:
    """The code points that at least one of the faces has; the order's, if none are told."""
    known: set[int] = set()
    seen: set[tuple[str, int]] = set()
    for family in families:
        found = _file_of(family)
        if found is None or found in seen:
            continue
        seen.add(found)
        try:
            with TTFont(found[0], fontNumber=found[1], lazy=True) as font:
                # Nobody asks the glyphs' names; to read those of 65,000 Chinese characters takes longer than the rest.
                font.setGlyphOrder([""] * font["maxp"].numGlyphs)
                known.update(font.getBestCmap())
        except (OSError, TTLibError):
            log.warning("A font of the family %s cannot be read.", family)
    return frozenset(known)


def _kept(character: str, known: frozenset[int]) -> str:
    if character in "\n\t":
        return character
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") or character == "\u2028":
        return ""
    return character if ord(character) in known else (MISSING if ord(MISSING) in known else PLAIN)


def fit_to_print(text: str, families: tuple[str, ...] = FAMILIES) -> str:
    """The text as it can be printed in these faces: control characters left out, those without a glyph marked."""
    if text.isascii() and text.isprintable():
        return text
    known = printable(families)
    return "".join(_kept(character, known) for character in unicodedata.normalize("NFC", text))


def unprintable(text: str) -> list[str]:
    """The characters of a text that will be marked as missing, each once, in order."""
    known = printable()
    lost = [c for c in unicodedata.normalize("NFC", text) if _kept(c, known) not in ("", c)]
    return list(dict.fromkeys(lost))
