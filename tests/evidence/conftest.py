"""Cases to put exhibits in, and small files of every kind."""

import io
import math
import struct
import wave

import av
import numpy as np
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from court.cases import stages
from court.cases.access import appoint, seat_party
from court.cases.models import Case, Party
from tests.photographs import photographed


@pytest.fixture
def case(cast):
    """A case that was served: both sides have joined."""
    return Case.objects.get(pk=photographed("a case with evidence", lambda: served_case_of(cast).pk))


def served_case_of(cast):
    case = Case.objects.create(number="C-2026-0007", title="Kim v Li", stage=stages.SERVED, opened_by=cast.claimant)
    for role in ("claimant", "respondent"):
        person = getattr(cast, role)
        seat_party(Party.objects.create(case=case, role=role, name=person.name, email=person.email, user=person))
    appoint(case, cast.judge, "judge")
    return case


@pytest.fixture
def draft(cast):
    """A claim that was not sent yet."""
    case = Case.objects.create(title="Kim v Li", opened_by=cast.claimant)
    seat_party(
        Party.objects.create(
            case=case, role="claimant", name=cast.claimant.name, email=cast.claimant.email, user=cast.claimant
        )
    )
    return case


@pytest.fixture
def put_in(door):
    """``put_in(case, content, "letter.pdf")`` sends a file through the page, as the claimant or as ``by``."""

    def do(case, content, name="letter.pdf", by="claimant", follow=False, **fields):
        form = {"title": "Letter of 3 March", "shows": "It arrived.", **fields}
        if content is not None:
            form["file"] = SimpleUploadedFile(name, content, "application/octet-stream")
        return getattr(door, by).post(f"/cases/{case.label}/exhibits/", form, follow=follow)

    return do


def make_pdf(pages=1, say="", root=None, **save):
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
    pdf.docinfo["/Title"] = say or "letter"
    for key, value in (root or {}).items():
        pdf.Root[key] = pdf.make_indirect(value) if key == "/Names" else value
    written = io.BytesIO()
    pdf.save(written, static_id=True, **save)
    return written.getvalue()


def make_image(form="PNG", size=(40, 30), colour="red"):
    written = io.BytesIO()
    Image.new("RGB" if isinstance(colour, str) else "1", size, colour).save(written, form)
    return written.getvalue()


def make_wav(seconds=0.5, rate=8000):
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 9))) for n in range(int(rate * seconds))))
    return written.getvalue()


def make_video(form="webm", codec="libvpx", frames=8):
    written = io.BytesIO()
    with av.open(written, "w", format=form) as container:
        stream = container.add_stream(codec, rate=8)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.thread_count = 1
        for n in range(frames):
            picture = np.full((48, 64, 3), n * 20, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return written.getvalue()


@pytest.fixture(scope="session")
def files():
    """Makers of small files."""
    from types import SimpleNamespace

    return SimpleNamespace(pdf=make_pdf, image=make_image, wav=make_wav, video=make_video)
