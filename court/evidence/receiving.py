"""Taking in a file: straight to its disk, hashed on the way, never held in memory.

``receiver(request)`` must be called before anything reads ``request.POST``. What was received and not kept is removed.
"""

import errno
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

log = logging.getLogger(__name__)

FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM, TOO_LARGE = "no_room", "too_large"


def incoming() -> Path:
    """The folder of files that are being received, on the disk on which they will be kept."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass
class Received:
    """A file that has arrived whole: where it lies, how long it is, and its SHA-256."""

    path: Path
    size: int
    sha256: str
    name: str

    def drop(self) -> None:
        """Remove it unless it was moved to where it is kept."""
        self.path.unlink(missing_ok=True)


class ReceivedFile(UploadedFile):
    """How the form sees a received file."""

    def __init__(self, received: Received, content_type: str | None) -> None:
        super().__init__(file=None, name=received.name, content_type=content_type or "", size=received.size)
        self.received = received


class Receiver(FileUploadHandler):
    """Writes one file to disk while hashing it. What is too large, or finds no room, is read to its end and let go.

    The rest of the form still arrives, so that nothing typed is lost. ``problem`` then says why there is no file.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.problem = ""
        self.received: Received | None = None
        self._path: Path | None = None
        self._file: Any = None
        self._hash = hashlib.sha256()
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a file for what arrives; a second file in the same form replaces nothing and is let go."""
        super().new_file(*args, **kwargs)
        if self.received is not None or self.problem:
            self._file = None
            return
        self._hash, self._size = hashlib.sha256(), 0
        try:
            descriptor, path = tempfile.mkstemp(dir=incoming())
        except OSError as fault:
            self._give_up(fault)
            return
        self._path, self._file = Path(path), os.fdopen(descriptor, "wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write and hash a piece."""
        if self._file is None:
            return
        self._size += len(raw_data)
        if self._size > settings.COURT_EXHIBIT_MAX_BYTES:
            self.problem = TOO_LARGE
            self.drop()
            return
        try:
            self._file.write(raw_data)
        except OSError as fault:
            self._give_up(fault)
            return
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Hand over what arrived; nothing when it was let go."""
        if self._file is None or self._path is None:
            return None
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as fault:
            self._give_up(fault)
            return None
        self._file = None
        self.received = Received(self._path, self._size, self._hash.hexdigest(), self.file_name or "")
        return ReceivedFile(self.received, self.content_type)

    def upload_interrupted(self) -> None:
        """Leave nothing half."""
        self.drop()

    def drop(self) -> None:
        """Remove what arrived unless it was kept."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                log.info("A file that is let go could not be closed.")
            self._file = None
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _give_up(self, fault: OSError) -> None:
        if fault.errno not in FULL:
            self.drop()
            raise fault
        log.error("The disk is full: an exhibit could not be stored.")
        self.problem = NO_ROOM
        self.drop()


@contextmanager
def receiver(request: HttpRequest) -> Iterator[Receiver]:
    """Receive this request's file; whatever was not kept at the end is removed."""
    handler = Receiver(request)
    request.upload_handlers = [handler]
    try:
        yield handler
    finally:
        handler.drop()
