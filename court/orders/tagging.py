"""What stands in a PDF's margins is no part of what is read aloud (ISO 14289-1, 7.8: running heads are artifacts).

WeasyPrint 70 marks the text of margin boxes as content and then leaves it out of the tree of what is read: neither one
nor the other. Here it becomes what it is, an artifact of pagination, before the file is written.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pydyf

ARTIFACT = "/Artifact"
PAGINATION = pydyf.Dictionary({"Type": "/Pagination"})


def margins_as_artifacts(pdf: pydyf.PDF) -> None:
    """Mark every text that no element of the structure tree reaches as an artifact of pagination."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    told = set(_reached(pdf, root["K"]))
    nums = pdf.objects[_number(root["ParentTree"])]["Nums"]
    pages = [pdf.objects[_number(reference)] for reference in _references(pdf.pages["Kids"])]
    for place in range(0, len(nums), 2):
        if not isinstance(nums[place + 1], list):
            continue  # an annotation's, not a page's
        owners = nums[place + 1]
        loose = {mark for mark, owner in enumerate(owners) if _number(owner) not in told}
        if loose:
            _mark(pdf.objects[_number(pages[nums[place]]["Contents"])].stream, loose)
            nums[place + 1] = pydyf.Array("null" if at in loose else owner for at, owner in enumerate(owners))


def _mark(operations: list[Any], loose: set[int]) -> None:
    """In a page's content: ``/Span <</MCID 7>> BDC`` becomes ``/Artifact <</Type /Pagination>> BDC``."""
    for at, operation in enumerate(operations):
        if isinstance(operation, pydyf.Dictionary) and operation.get("MCID") in loose:
            operations[at - 1], operations[at] = ARTIFACT, PAGINATION


def _reached(pdf: pydyf.PDF, kids: Iterable[Any]) -> Iterator[int]:
    """The numbers of the objects that can be reached through the kids of structure elements."""
    waiting = list(kids)
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, bytes):
            number = _number(kid)
            yield number
            waiting.extend(pdf.objects[number].get("K", ()))


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _references(kids: list[Any]) -> Iterator[bytes]:
    """``[3, 0, "R", 7, 0, "R"]``, as pydyf keeps the pages, as references."""
    for number in kids[::3]:
        yield f"{number} 0 R".encode()
