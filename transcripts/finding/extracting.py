"""Run confined in a process of its own: the text of one page of an exhibit.

``python -m transcripts.finding.extracting SECONDS FILE KIND PAGE`` prints one JSON object: ``text``, and ``scanned``:
whether it was read from the page's picture (Tesseract, if it is installed) because it has no text of its own. Knows
nothing of Django or the database.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from typing import Final

from court.evidence.cage import confine

LANGUAGES: Final = "eng+kor+chi_sim"
RESOLUTION: Final = 200  # dots an inch at which a page is drawn to be read
LARGEST: Final = 3000  # pixels on a picture's longer side
FEWEST: Final = 12  # letters that a page with text of its own has
LONGEST: Final = 60_000  # characters kept of a page

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff，。、；：？！（）《》"
_APART = re.compile(rf"(?<=[{_HAN}])[ \t](?=[{_HAN}])")


def page_text(path: str, page: int) -> str:
    """The text a page of a PDF holds, in reading order."""
    return _run(["pdftotext", "-q", "-f", str(page), "-l", str(page), "-enc", "UTF-8", path, "-"]).decode(
        errors="replace"
    )


def page_picture(path: str, page: int) -> bytes:
    """A page of a PDF as a picture."""
    numbers = ["-f", str(page), "-l", str(page)]
    return _run(["pdftoppm", "-q", "-gray", "-png", "-r", str(RESOLUTION), "-scale-to", str(LARGEST), *numbers, path])


def picture(path: str) -> bytes:
    """A picture in grey, no larger than can be read in time."""
    from PIL import Image

    with Image.open(path, formats=["JPEG", "PNG", "WEBP", "GIF"]) as image:
        grey = image.convert("L")
        grey.thumbnail((LARGEST, LARGEST))
        if max(grey.size) < LARGEST // 3:  # small letters are read better when they are larger
            grey = grey.resize((grey.width * 2, grey.height * 2))
        written = io.BytesIO()
        grey.save(written, "PNG")
    return written.getvalue()


def read_picture(image: bytes) -> str:
    """What stands in a picture. Chinese is written without the spaces that the reading puts between characters."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    text = _run([program, "stdin", "stdout", "-l", LANGUAGES, "--psm", "3"], given=image).decode(errors="replace")
    return _APART.sub("", text)


def _run(command: list[str], *, given: bytes = b"") -> bytes:
    done = subprocess.run(
        command, input=given, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0].rpartition('/')[2]} ended with {done.returncode}")
    return done.stdout


def read(path: str, kind: str, page: int) -> dict[str, object]:
    """The text of a page, from its picture if it has none of its own."""
    if kind == "pdf":
        text = page_text(path, page)
        if sum(character.isalnum() for character in text) >= FEWEST:
            return {"text": text[:LONGEST], "scanned": False}
        seen = read_picture(page_picture(path, page))
        return {"text": (seen or text)[:LONGEST], "scanned": bool(seen)}
    return {"text": read_picture(picture(path))[:LONGEST], "scanned": True}


def main() -> None:
    """Limit this process, then read."""
    seconds, path, kind, page = sys.argv[1:5]
    confine(int(seconds))
    print(json.dumps(read(path, kind, int(page))))  # noqa: T201 - this is the answer


if __name__ == "__main__":
    main()
