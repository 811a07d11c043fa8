"""What independent readers have against a PDF that says it is PDF/A-3a and PDF/UA-1: qpdf, poppler, pikepdf and pdfua.

None of them is a certificate of conformance; pdfua checks 16 of the rules of PDF/UA-1 that a machine can check.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pdfua import validate

# pdfua 0.1.3 cannot look at headings in files opened with pikepdf 10.17; ``_headings`` does.
NOT_BY_PDFUA = {"UA-14-001"}


def faults(path: Path, language: str) -> list[str]:
    """Everything found against the file; ``language`` is the one it should be read aloud in."""
    found = [*_programs(path), *_by_pdfua(path), *_headings(path)]
    with pikepdf.open(path) as pdf:
        found += [*_document(pdf, language), *_tags(pdf), *_annotations(pdf), *_objects(pdf), *_glyphs(pdf)]
    return found


def _programs(path: Path) -> Iterator[str]:
    checked = _run("qpdf", "--check", path)
    if checked.returncode:
        yield f"qpdf: {checked.stdout}{checked.stderr}"
    fonts = _run("pdffonts", path).stdout.splitlines()[2:]
    if not fonts:
        yield "pdffonts: no font at all"
    for line in fonts:
        embedded, _subset, unicode = line.split()[-5:-2]
        if (embedded, unicode) != ("yes", "yes"):
            yield f"pdffonts: {line}"
    if "Tagged:          yes" not in _run("pdfinfo", path).stdout:
        yield "pdfinfo: not tagged"


def _by_pdfua(path: Path) -> Iterator[str]:
    report = validate(str(path))
    yield from (f"pdfua: {one.rule_id} {one.message}" for one in report.findings)
    yield from (f"pdfua: {one.rule_id} not looked at" for one in report.skipped if one.rule_id not in NOT_BY_PDFUA)


def _headings(path: Path) -> Iterator[str]:
    """The first heading is of the first level, and none is left out on the way down (ISO 14289-1, 7.4.2)."""
    levels = [int(level) for level in re.findall(r"^ *H([1-6])\b", _run("pdfinfo", "-struct", path).stdout, re.M)]
    before = 0
    for level in levels:
        if level > before + 1:
            yield f"headings: H{level} after H{before}"
        before = level
    if not levels:
        yield "headings: none"


def _document(pdf: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = pdf.Root
    with pdf.open_metadata() as told:
        for name, value in (("pdfaid:part", "3"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
            if told.get("{http://www.aiim.org/pdfua/ns/id/}part" if name == "pdfuaid:part" else name) != value:
                yield f"XMP: {name} is not {value}"
        if not told.get("dc:title"):
            yield "XMP: no title"
    intents = root.get("/OutputIntents", [])
    if [str(intent.S) for intent in intents] != ["/GTS_PDFA1"] or "/DestOutputProfile" not in intents[0]:
        yield "no output intent with a profile"
    if not str(root.get("/Lang", "")).lower().startswith(language):
        yield f"read aloud in {root.get('/Lang')}"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not shown"
    if pdf.is_encrypted or "/OpenAction" in root or "/AA" in root or "/JavaScript" in root.get("/Names", {}):
        yield "encrypted, or does something when it is opened"
    yield from (
        f"page {at} has no tab order by structure" for at, page in enumerate(pdf.pages, 1) if page.get("/Tabs") != "/S"
    )


def _tags(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every shown text is an artifact or reached through the tree of what is read; every type is a standard one."""
    root = pdf.Root.StructTreeRoot
    if "/RoleMap" in root:
        yield "types of its own, which would have to be mapped"
    marks: set[tuple[tuple[int, int], int]] = set()
    waiting = [(root.K, None)]
    while waiting:
        kid, page = waiting.pop()
        if isinstance(kid, pikepdf.Array):
            waiting += [(one, page) for one in kid]
        elif isinstance(kid, pikepdf.Dictionary):
            page = kid.get("/Pg", page)
            if kid.get("/S") == "/Figure" and not str(kid.get("/Alt", "")):
                yield "a figure without words for it"
            waiting += [(kid.K, page)] if "/K" in kid else []
        else:
            marks.add((page.objgen, int(kid)))
    for number, page in enumerate(pdf.pages, 1):
        open_marks: list[bool] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BMC" | "BDC":
                    mark = operands[1].get("/MCID") if len(operands) > 1 and operands[0] != "/Artifact" else None
                    told = operands[0] == "/Artifact" or (mark is not None and (page.objgen, int(mark)) in marks)
                    open_marks.append(told)
                case "EMC":
                    open_marks.pop()
                case "Tj" | "TJ" if not any(open_marks):
                    yield f"page {number} shows a text that is neither read nor an artifact"
                    break


def _annotations(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for one in page.get("/Annots", []):
            if int(one.get("/F", 0)) & 0b100111 != 0b100:  # printed; not invisible, hidden or without a view
                yield f"{one.Subtype} is not printed"
            if one.Subtype == "/Link" and not ("/Contents" in one and "/StructParent" in one):
                yield "a link without words, or outside of what is read"
            if one.Subtype == "/Widget":
                off = all(float(side) < 0 for side in one.Rect)  # 7.18.1: what lies off the page needs no element
                if not off or "/TU" not in one or "/A" in one or "/AA" in one:
                    yield "a field without a name, or on the page"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            if thing.get("/Subtype") == "/Image" and thing.get("/Interpolate"):
                yield "an image is interpolated"
            if "/F" in thing or "LZW" in str(thing.get("/Filter")):
                yield "a stream outside of the file, or compressed by LZW"
            if thing.get("/Subtype") == "/PS" or "/OPI" in thing:
                yield "PostScript"
        elif isinstance(thing, pikepdf.Dictionary) and ("/TR" in thing or "/JS" in thing):
            yield "a transfer function, or a script"


def _glyphs(pdf: pikepdf.Pdf) -> Iterator[str]:
    """No text is shown with the glyph for what a font has not (ISO 19005-3, 6.2.11.8)."""
    for number, page in enumerate(pdf.pages, 1):
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("Tj", "TJ"):
                shown = operands[0] if str(operator) == "TJ" else [operands[0]]
                codes = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
                if any(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2)):
                    yield f"page {number} shows a glyph that is not there"
                    break


def _run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
