"""The papers of the demo's heard case: exhibits, what was shown of them in the hearing, a note, and minutes of it."""

import hashlib
import html
import math
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw
from weasyprint import HTML, URLFetcher

from court.accounts.models import User
from court.cases.models import Case
from court.evidence.models import Exhibit
from court.evidence.receiving import Received, incoming
from court.evidence.services import admit_exhibit
from court.hearings.models import Hearing, LogNote, Presentation
from transcripts.models import Transcript
from transcripts.written.services import add_record, typed

from .stories import MINUTES, RECEIPT


def file_exhibits(case: Case, people: dict[str, User]) -> list[Exhibit]:
    """The receipt and the photograph, put in by the claimant."""
    with tempfile.TemporaryDirectory(dir=incoming()) as folder:
        receipt, photograph = Path(folder) / "receipt.pdf", Path(folder) / "bowls.jpg"
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in RECEIPT[1:])
        page = (
            f"<html lang='en'><title>{RECEIPT[0]}</title><body><h1>{html.escape(RECEIPT[0])}</h1>{lines}</body></html>"
        )
        HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(receipt)
        _bowls().save(photograph, quality=88)
        by = people["claimant"]
        return [
            admit_exhibit(case, _received(receipt), title="The receipt for twelve bowls", by=by),
            admit_exhibit(
                case,
                _received(photograph),
                title="Photograph of the opened parcel",
                shows="Nine of the twelve bowls are broken. There is no paper between them.",
                by=by,
            ),
        ]


def present(
    hearing: Hearing,
    exhibits: Sequence[Exhibit],
    started_at: datetime,
    seconds: Sequence[float],
    people: dict[str, User],
) -> None:
    """What was shown and noted while the sentences of the hearing began at ``seconds``."""
    receipt, photograph = exhibits

    def at(sentence: int) -> datetime:
        return started_at + timedelta(seconds=seconds[sentence])

    by = people["judge"]
    Presentation.objects.create(hearing=hearing, exhibit=receipt, page=1, by=by, at=at(2), until=at(4))
    Presentation.objects.create(hearing=hearing, exhibit=photograph, by=by, at=at(7), until=at(10))
    LogNote.objects.create(hearing=hearing, by=by, at=at(5), text="Respondent on how the parcel was packed.")


def add_minutes(transcript: Transcript, people: dict[str, User]) -> None:
    """Minutes that are not quite what was said, to be compared with the sound once it is transcribed."""
    add_record(transcript, typed(MINUTES), title="Minutes of the hearing", language="en", by=people["clerk"])


def _received(path: Path) -> Received:
    content = path.read_bytes()
    return Received(path, len(content), hashlib.sha256(content).hexdigest(), path.name)


def _bowls() -> Image.Image:
    """Twelve bowls seen from above in a box, nine of them cracked."""
    picture = Image.new("RGB", (960, 720), "#b08d57")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 900, 660), fill="#d9c29a", outline="#7a5f36", width=10)
    for number in range(12):
        x, y = 165 + number % 4 * 210, 170 + number // 4 * 190
        pen.ellipse((x - 78, y - 78, x + 78, y + 78), fill="#e8f0f7", outline="#1f4e79", width=6)
        pen.ellipse((x - 46, y - 46, x + 46, y + 46), fill="#c9d9e8")
        if number not in (2, 5, 10):
            for ray in range(4):
                turn = number + ray * math.pi / 2.3
                ends = (x + 74 * math.cos(turn), y + 74 * math.sin(turn))
                pen.line(
                    (x, y, x + 30 * math.cos(turn + 0.5), y + 30 * math.sin(turn + 0.5), *ends),
                    fill="#3a2b18",
                    width=4,
                )
    return picture
