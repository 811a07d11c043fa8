"""Run confined in a process of its own: what is this file, and can it be opened?

``python -m court.evidence.opening SECONDS FILE`` prints one JSON object: ``kind``, ``media_type``, ``extension`` and,
where they apply, ``pages`` or ``seconds``; or ``problem``: unknown, heic, broken, encrypted, active, huge. The content
decides, never the name. Knows nothing of Django or the database.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from court.evidence.cage import confine

IMAGES = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
}
# FFmpeg's name of the container: media type and extension without and with a picture. What browsers play.
SOUNDS = {
    "wav": ("audio/wav", "wav"),
    "mp3": ("audio/mpeg", "mp3"),
    "ogg": ("audio/ogg", "ogg"),
    "flac": ("audio/flac", "flac"),
    "aac": ("audio/aac", "aac"),
    "matroska,webm": ("audio/webm", "weba"),
    "mov,mp4,m4a,3gp,3g2,mj2": ("audio/mp4", "m4a"),
}
VIDEOS = {
    "ogg": ("video/ogg", "ogv"),
    "matroska,webm": ("video/webm", "webm"),
    "mov,mp4,m4a,3gp,3g2,mj2": ("video/mp4", "mp4"),
}
MOST_PIXELS = 80_000_000
ACTIVE = (
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/Rendition",
)  # actions that run or fetch something (ISO 32000-1, 12.6.4)


def open_pdf(path: str) -> dict[str, Any]:
    """Count the pages; refuse what is locked, broken, or carries programs."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
            if pages == 0:
                return {"problem": "broken"}
            for thing in pdf.objects:
                if _active(thing, pikepdf):
                    return {"problem": "active"}
    except pikepdf.PasswordError:
        return {"problem": "encrypted"}
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return {"problem": "broken"}
    return {"kind": "pdf", "media_type": "application/pdf", "extension": "pdf", "pages": pages}


def _active(thing: Any, pikepdf: Any) -> bool:
    """Tell whether an object, or one written inside it, is an action that runs something."""
    waiting = [thing]
    while waiting:
        this = waiting.pop()
        if isinstance(this, (pikepdf.Dictionary, pikepdf.Stream)):
            keys = this.keys()
            if "/JS" in keys or ("/S" in keys and str(this["/S"]) in ACTIVE):
                return True
            parts = [this[key] for key in keys]
        elif isinstance(this, pikepdf.Array):
            parts = list(this)
        else:
            continue
        waiting += [part for part in parts if isinstance(part, pikepdf.Object) and not part.is_indirect]
    return False


def open_image(path: str) -> dict[str, Any]:
    """Read the whole picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=list(IMAGES)) as image:
            if image.width * image.height > MOST_PIXELS:
                return {"problem": "huge"}
            media_type, extension = IMAGES[str(image.format)]
            image.load()
    except Image.DecompressionBombError:
        return {"problem": "huge"}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return {"problem": "broken"}
    return {"kind": "image", "media_type": media_type, "extension": extension}


def open_media(path: str) -> dict[str, Any]:
    """Decode the beginning of each track and measure the length."""
    import av
    from av.stream import Disposition

    try:
        with av.open(path) as container:
            name = container.format.name
            pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
            sounds = list(container.streams.audio)
            if not pictures and not sounds:
                return {"problem": "broken"}
            table = VIDEOS if pictures else SOUNDS
            if name not in table:
                return {"problem": "unknown"}
            if next(container.decode((pictures or sounds)[0]), None) is None:
                return {"problem": "broken"}
            seconds = container.duration / av.time_base if container.duration else None
        if seconds is None:  # a recording made by a browser does not say how long it is
            seconds = _measured(path, av)
    except (av.FFmpegError, ValueError, EOFError):
        return {"problem": "broken"}
    media_type, extension = table[name]
    kind = "video" if pictures else "audio"
    return {"kind": kind, "media_type": media_type, "extension": extension, "seconds": round(float(seconds), 3)}


def _measured(path: str, av: Any) -> float:
    end = 0.0
    with av.open(path) as container, suppress(av.FFmpegError):
        for packet in container.demux():
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end


def look(path: str, beginning: bytes) -> dict[str, Any]:
    """Tell by the first bytes what the file claims to be, then open it."""
    import magic

    found = magic.from_buffer(beginning, mime=True)
    if found == "application/pdf" or b"%PDF-" in beginning[:1024]:
        return open_pdf(path)
    if found in ("image/heic", "image/heif"):
        return {"problem": "heic"}
    if found in {media_type for media_type, _ in IMAGES.values()}:
        return open_image(path)
    family = found.partition("/")[0]
    if family in ("audio", "video") or found == "application/ogg":
        return open_media(path)
    if found == "application/octet-stream":  # some sound files begin with nothing that is known
        answer = open_media(path)
        return answer if "kind" in answer else {"problem": "unknown"}
    return {"problem": "unknown"}


def main() -> None:
    """Limit this process, then look."""
    seconds, path = sys.argv[1:3]
    confine(int(seconds))
    with Path(path).open("rb") as file:
        beginning = file.read(64 * 1024)
    print(json.dumps(look(path, beginning)))  # noqa: T201 - this is the answer


if __name__ == "__main__":
    main()
