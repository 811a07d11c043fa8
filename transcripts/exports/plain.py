"""Plain text: turn by turn with times, or page by page with numbered lines."""

from django.utils import translation

from ..pages.index import paginated, version_to_cite
from ..pages.printing import Book
from ..reading import clock
from .told import Told


def _head(told: Told) -> list[str]:
    return [told.court, told.title, told.when, told.standing, *told.remarks]


def write(told: Told) -> str:
    """Each turn with its time and speaker, then what was said."""
    written = [*_head(told), ""]
    before = None
    for line in told.lines:
        person = told.who(line)
        if person != before:
            role = f" ({person.role_name})" if person.role_name else ""
            written += ["", f"[{clock(line.start, hours=True)}] {person.name}{role}:"]
        before = person
        written.append(" ".join(line.text.split()))
    return "\n".join(written) + "\n"


def write_numbered(told: Told) -> str:
    """The numbered pages, each line after its number; a form feed parts the pages. Of the version that is cited."""
    version = told.version or version_to_cite(told.transcript)
    if version is None:
        return write(told)
    pagination = paginated(version)
    book = Book(pagination, told.clearance)
    written = []
    with translation.override(pagination.language):
        for page in book.said:
            head = f"{told.transcript.case.label}    {page.number}"
            rows = [f"{at:>4}  {line.text}".rstrip() for at, line in enumerate(page.lines, 1)]
            written.append("\n".join([head, "", *rows, ""]))
    return "\n".join([*_head(told), ""]) + "\n\f" + "\n\f".join(written)
