"""Pictures of a document's first pages, so that it can be read in the page without a program of its own."""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from .cage import HOUSE
from .models import Exhibit, Kind

log = logging.getLogger(__name__)

PAGES = 3  # drawn of each document
WIDTH = 900  # pixels
SECONDS = 60  # of processor time
LARGEST = 20_000_000  # bytes of one picture


def _folder(exhibit: Exhibit) -> Path:
    return Path(settings.MEDIA_ROOT) / "exhibits" / str(exhibit.case_id) / f"pages-{exhibit.pk}"


def page_file(exhibit: Exhibit, number: int) -> Path | None:
    """The picture of a page, counted from 1, if it was drawn."""
    path = _folder(exhibit) / f"{number}.png"
    return path if path.exists() else None


def drawn_pages(exhibit: Exhibit) -> list[int]:
    """Which pages there are pictures of."""
    return [number for number in range(1, PAGES + 1) if page_file(exhibit, number)]


def draw_pages(exhibit: Exhibit) -> int:
    """Draw the first pages, all or none, in a confined process. Returns how many; 0 when the document resists."""
    if exhibit.kind != Kind.PDF or page_file(exhibit, 1):
        return 0
    folder = _folder(exhibit)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".half-"))
    try:
        pictures = _draw(exhibit, 1, PAGES, half)
        for picture in pictures:
            picture.rename(half / f"{int(picture.stem.rpartition('-')[2])}.png")
        if pictures and not folder.exists():
            half.rename(folder)
        for picture in list(half.glob("*.png")) if half.exists() else []:
            picture.replace(folder / picture.name)
        return len(pictures)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def draw_page(exhibit: Exhibit, number: int) -> bool:
    """Draw one page of a document, counted from 1, unless it was drawn. False when the document resists."""
    if exhibit.kind != Kind.PDF:
        return False
    if page_file(exhibit, number):
        return True
    folder = _folder(exhibit)
    folder.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".half-"))
    try:
        for picture in _draw(exhibit, number, number, half):
            picture.replace(folder / f"{number}.png")
        return page_file(exhibit, number) is not None
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _draw(exhibit: Exhibit, first: int, last: int, into: Path) -> list[Path]:
    """The pictures of pages ``first`` to ``last``, drawn in a confined process; none when the document resists."""
    command = ["pdftoppm", "-png", "-f", str(first), "-l", str(last), "-scale-to-x", str(WIDTH), "-scale-to-y", "-1"]
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "court.evidence.cage", str(SECONDS), str(LARGEST)),
                *(*command, exhibit.file.path, str(into / "page")),
            ],
            cwd=HOUSE,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=3 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("Drawing exhibit %s took too long; it can still be saved.", exhibit.pk)
        return []
    pictures = sorted(into.glob("page-*.png"))
    if done.returncode != 0 or not pictures:
        log.warning("Exhibit %s could not be drawn (%s); it can still be saved.", exhibit.pk, done.returncode)
        return []
    return pictures
