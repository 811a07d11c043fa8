"""Sending a stored file, whole or in part (RFC 9110, section 14), so that sound and picture can be wound.

Used by the exhibits and by the recordings of hearings. Files are read piece by piece and never held in memory.
"""

import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.core.files import File
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

PIECE = 256 * 1024  # bytes read at a time
SAFE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)


def part_asked_for(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte asked for, or None when the whole file is to be sent.

    A header that is malformed, of another unit, or asks for several parts is ignored, as the standard allows.
    Raises ValueError when no byte of what is asked for exists.
    """
    found = _RANGE.fullmatch(header)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if length == 0 or size == 0:
            raise ValueError("There is no such part.")
        return max(0, size - length), size - 1
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise ValueError("There is no such part.")
    return first, min(last, size - 1)


def _opened(given: "str | os.PathLike[str] | File[bytes]") -> tuple[IO[bytes], int, float]:
    """An open file, its size in bytes and the time of its last change in seconds (0.0 when storage does not tell)."""
    if isinstance(given, File):
        opened: Any = given.open("rb")
        raw = getattr(opened, "file", opened)
        try:
            status = os.fstat(raw.fileno())
        except (AttributeError, OSError):
            return raw, int(given.size), 0.0
        return raw, status.st_size, status.st_mtime
    handle = Path(given).open("rb")  # noqa: SIM115 - closed by the response
    status = os.fstat(handle.fileno())
    return handle, status.st_size, status.st_mtime


def _pieces(handle: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with handle:
        handle.seek(first)
        while length > 0 and (piece := handle.read(min(PIECE, length))):
            length -= len(piece)
            yield piece


async def _pieces_async(handle: IO[bytes], first: int, length: int) -> AsyncIterator[bytes]:
    read = sync_to_async(handle.read, thread_sensitive=False)
    try:
        handle.seek(first)
        while length > 0 and (piece := await read(min(PIECE, length))):
            length -= len(piece)
            yield piece
    finally:
        handle.close()


def _unchanged(request: HttpRequest, tag: str, changed: float) -> bool:
    """Tell whether a part may be sent: If-Range, when given, names the file as it is now."""
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith('"'):
        return condition == tag
    moment = parse_http_date_safe(condition)
    return moment is not None and moment == int(changed)


def ranged(
    request: HttpRequest,
    path_or_file: "str | os.PathLike[str] | File[bytes]",
    *,
    media_type: str,
    filename: str | None = None,
    inline: bool = False,
) -> HttpResponseBase:
    """Send a file, or the part of it that the Range header asks for: 200, 206, 304 or 416.

    Nothing is guessed from the content (nosniff), and a browser that shows the file gives it no rights (sandbox).
    ``inline`` lets it be shown or played in the page, else it is downloaded as ``filename``. Raises FileNotFoundError
    when the file is gone. The caller must have checked that the person may have the file.
    """
    handle, size, changed = _opened(path_or_file)
    tag = f'"{size:x}-{int(changed * 1_000_000):x}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": SAFE_POLICY,
    }
    if changed:
        headers["Last-Modified"] = http_date(changed)
    if disposition := content_disposition_header(not inline, filename or ""):
        headers["Content-Disposition"] = disposition
    if request.headers.get("If-None-Match", "").strip() == tag:
        handle.close()
        return HttpResponse(status=304, headers=headers)

    status, first, last = 200, 0, size - 1
    try:
        asked = part_asked_for(request.headers.get("Range", ""), size) if _unchanged(request, tag, changed) else None
    except ValueError:
        handle.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    if asked is not None:
        status, (first, last) = 206, asked
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    length = last - first + 1
    headers["Content-Length"] = str(length)
    if request.method == "HEAD":
        handle.close()
        return HttpResponse(status=status, headers=headers, content_type=media_type)
    # A server that speaks ASGI would read a plain iterator to its end before sending the first byte.
    pieces = _pieces_async if isinstance(request, ASGIRequest) else _pieces
    response = StreamingHttpResponse(
        pieces(handle, first, length), status=status, headers=headers, content_type=media_type
    )
    response._resource_closers.append(handle.close)  # type: ignore[attr-defined]  # even if no piece is ever read
    return response
