"""Akoma Ntoso 3.0 (OASIS LegalDocML, XML vocabulary part 1): the hearing as a ``debate``.

Questions to a witness and their answers are ``question`` and ``answer``, whatever else was said is ``speech``; each
has its speaker, role and the moments it began and ended.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from court.cases.models import Role

from ..pages.layout import asked_and_answered
from .told import Told, attribute, xml

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
MEDIA_TYPE = "application/akn+xml"
LANGUAGES = {"en": "eng", "ko": "kor", "zh": "zho"}  # ISO 639-2/T, as FRBRlanguage asks


def write(told: Told) -> str:
    """The document, valid against the standard's schema."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<akomaNtoso xmlns="{NAMESPACE}"><debate name="transcript" contains="originalVersion">'
        f"{_meta(told)}{_preface(told)}{_body(told)}</debate></akomaNtoso>\n"
    )


def _meta(told: Told) -> str:
    country = str(settings.COURT_COUNTRY).split("-")[0].lower()
    day = told.began.date().isoformat()
    work = f"/akn/{country}/debate/{day}/{told.transcript.case.label.lower()}-{told.transcript.pk}"
    version = told.version
    made = (version.made_at if version else told.transcript.ready_at or told.began).date().isoformat()
    language = LANGUAGES.get(told.language.split("-")[0], "und")
    expression = f"{work}/{language}@{made}" + (f":v{version.number}" if version else "")

    def frbr(name: str, this: str, uri: str, date: str, date_name: str, more: str) -> str:
        return (
            f"<{name}><FRBRthis value={attribute(this)}/><FRBRuri value={attribute(uri)}/>"
            f'<FRBRdate date="{date}" name="{date_name}"/><FRBRauthor href="#court" as="#author"/>{more}</{name}>'
        )

    identification = (
        frbr("FRBRWork", f"{work}/!main", work, day, "hearing", f"<FRBRcountry value={attribute(country)}/>")
        + frbr(
            "FRBRExpression",
            f"{expression}/!main",
            expression,
            made,
            "version",
            f'<FRBRlanguage language="{language}"/>',
        )
        + frbr(
            "FRBRManifestation",
            f"{expression}/!main.xml",
            f"{expression}.akn",
            made,
            "export",
            f'<FRBRformat value="{MEDIA_TYPE}"/>',
        )
    )
    roles = sorted({one.role for one in told.people.values() if one.role})
    references = (
        f'<TLCOrganization eId="court" href="/ontology/organization/court" showAs={attribute(told.court)}/>'
        + "".join(
            f'<TLCPerson eId="{one.key}" href="/ontology/person/{one.key}" showAs={attribute(one.name)}/>'
            for one in told.people.values()
        )
        + '<TLCRole eId="author" href="/ontology/role/author" showAs="Author"/>'
        + "".join(
            f'<TLCRole eId="role-{role}" href="/ontology/role/{role}" showAs={attribute(str(Role(role).label))}/>'
            for role in roles
            if role in Role.values
        )
    )
    return (
        f'<meta><identification source="#court">{identification}</identification>'
        f'<references source="#court">{references}</references></meta>'
    )


def _preface(told: Told) -> str:
    remarks = "".join(f"<p>{xml(remark)}</p>" for remark in told.remarks)
    return (
        f"<preface><p>{xml(told.court)}</p><p><docTitle>{xml(told.title)}</docTitle></p>"
        f'<p><docDate date="{told.began.date().isoformat()}">{xml(told.when)}</docDate></p>'
        f"<p><docStatus>{xml(told.standing)}</docStatus></p>{remarks}</preface>"
    )


def _body(told: Told) -> str:
    rows = [{"speaker": line.speaker, "role": line.role} for line in told.lines]
    pairs = asked_and_answered(rows)
    keys = {person.name: person.key for person in told.people.values()}
    said = []
    for line, pair in zip(told.lines, pairs, strict=True):
        person = told.who(line)
        name = "speech" if pair is None else "answer" if line.role == Role.WITNESS else "question"
        role = f' as="#role-{line.role}"' if line.role in Role.values else ""
        to = f' to="#{keys[pair[1] if name == "question" else pair[0]]}"' if pair is not None else ""
        tongue = f" xml:lang={attribute(line.language)}" if line.language else ""
        said.append(
            f'<{name} eId="u{line.pk}" by="#{person.key}"{role} startTime="{told.at(line.start)}" '
            f'endTime="{told.at(max(line.end, line.start))}"{to}{tongue}>'
            f"<from>{xml(person.name)}</from><p>{xml(' '.join(line.text.split()))}</p></{name}>"
        )
    # Translators: heading of everything that was said, in the record taken away as a file.
    heading = _("Proceedings")
    if not said:
        ended = told.at(told.transcript.sound_seconds or 0.0)
        said.append(f'<scene><recordedTime type="endOccurrence" time="{ended}"/>{xml(_("Nobody spoke."))}</scene>')
    return (
        f'<debateBody><debateSection eId="proceedings" name="proceedings"><heading>{xml(heading)}</heading>\n'
        + "\n".join(said)
        + "\n</debateSection></debateBody>"
    )
