"""Run confined in a process of its own: the text of a document from outside.

``python -m transcripts.written.opening SECONDS FILE`` prints one JSON object: ``text`` and ``kind``, or ``problem``:
unknown, broken, encrypted, active, encoding, no_text, huge. The content decides, never the name. Knows nothing of
Django or the database.
"""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from court.evidence.cage import confine
from court.evidence.opening import open_pdf

LONGEST = 1_000_000  # characters of a text: more than a day's hearing twice over
MOST_XML = 60 * 1024 * 1024  # bytes of a word processor's document when unpacked
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
WRITTEN = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
OTHER_FORMATS = (b"\xd0\xcf\x11\xe0", b"{\\rtf")  # the old word processors' documents, and RTF
LEFT_OUT = {f"{WORD}del", f"{WORD}moveFrom", f"{WORD}delText", f"{WORD}instrText", ALTERNATE}


def tidy(text: str) -> str:
    """A text with one kind of line end, and without control characters, which no record holds."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", "", text)


def plain(whole: bytes) -> dict[str, Any]:
    """A plain text: UTF-8, or UTF-16 that says so at its beginning. Anything else would be guessed, and is refused."""
    encoding = "utf-16" if whole.startswith(UTF_16) else "utf-8"
    try:
        text = whole.decode(encoding)
    except UnicodeDecodeError:
        return {"problem": "encoding"}
    return {"kind": "txt", "text": text}


def word_processed(path: str) -> dict[str, Any]:
    """The paragraphs of a DOCX file (ECMA-376), with what was inserted and without what was deleted."""
    try:
        with zipfile.ZipFile(path) as parts:
            inside = parts.getinfo("word/document.xml")
            if inside.flag_bits & 1:
                return {"problem": "encrypted"}
            if inside.file_size > MOST_XML:
                return {"problem": "huge"}
            with parts.open(inside) as file:
                whole = file.read(MOST_XML + 1)
    except KeyError:
        return {"problem": "unknown"}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return {"problem": "broken"}
    if len(whole) > MOST_XML:
        return {"problem": "huge"}
    if b"<!DOCTYPE" in whole or b"<!ENTITY" in whole:
        return {"problem": "active"}
    try:
        body = ElementTree.fromstring(whole)  # noqa: S314 - no entities in it, and this process is confined
    except ElementTree.ParseError:
        return {"problem": "broken"}
    lines: list[str] = [""]
    _read(body, lines)
    return {"kind": "docx", "text": "\n".join(lines).strip("\n")}


def _read(element: ElementTree.Element, lines: list[str]) -> None:
    """Add an element's text to the last line; every paragraph ends one."""
    waiting: list[tuple[ElementTree.Element, bool]] = [(element, False)]
    while waiting:
        this, done = waiting.pop()
        if done:
            lines.append("")
            continue
        if this.tag in LEFT_OUT:
            continue
        if this.tag == f"{WORD}t":
            lines[-1] += this.text or ""
        elif this.tag in WRITTEN:
            lines[-1] += WRITTEN[this.tag]
        if this.tag == f"{WORD}p":
            waiting.append((this, True))
        waiting += [(child, False) for child in reversed(list(this))]


def portable(path: str, seconds: int) -> dict[str, Any]:
    """The text of a PDF in reading order. A scan has none."""
    looked = open_pdf(path)
    if "problem" in looked:
        return looked
    try:
        done = subprocess.run(
            ["pdftotext", "-q", "-enc", "UTF-8", path, "-"], capture_output=True, timeout=3 * seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return {"problem": "slow"}
    if done.returncode:
        return {"problem": "broken"}
    return {"kind": "pdf", "text": done.stdout.decode("utf-8", "replace")}


def look(path: str, seconds: int) -> dict[str, Any]:
    """Tell by the first bytes what the file is, then read its text."""
    with Path(path).open("rb") as file:
        beginning = file.read(1024)
    if b"%PDF-" in beginning:
        found = portable(path, seconds)
    elif beginning.startswith(b"PK"):
        found = word_processed(path)
    elif beginning.startswith(OTHER_FORMATS) or (b"\x00" in beginning and not beginning.startswith(UTF_16)):
        found = {"problem": "unknown"}
    else:
        found = plain(Path(path).read_bytes())
    if "problem" in found:
        return found
    text = tidy(str(found["text"]))
    if not text.strip():
        return {"problem": "no_text"}
    if len(text) > LONGEST:
        return {"problem": "huge"}
    return {"kind": found["kind"], "text": text}


def main() -> None:
    """Limit this process, then look."""
    seconds, path = sys.argv[1:3]
    confine(int(seconds))
    print(json.dumps(look(path, int(seconds))))  # noqa: T201 - this is the answer


if __name__ == "__main__":
    main()
