"""The pages after what was said: corrections, and the certificate. Made anew for each file, as they stand then."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from court.wording import write_when

from ..lacking import Lack, certified_as_lacking, lacking
from ..models import (
    Certificate,
    Clearance,
    Correction,
    CorrectionState,
    Pagination,
    RecordSignature,
    Version,
    VersionKind,
)
from ..reading import role_name
from ..text import BLOCK, kept_rows, number_of
from .breaking import Broken, broken, centred
from .index import cited_on, places_of
from .masking import hidden_words
from .profiles import Profile

_TOKEN = re.compile(r"\w+")


class Veil:
    """Takes hidden words out of what people wrote beside the record: reasons, answers, titles.

    Nothing tells which of their words quote the record, so a text is taken out whole if it has a word that stands
    in the record only where it is hidden.
    """

    def __init__(self, hidden: Collection[str], seen: Collection[str]) -> None:
        tokens = {token for text in hidden for token in _TOKEN.findall(text.casefold())}
        self.secret = tokens - {token for text in seen for token in _TOKEN.findall(text.casefold())}

    def over(self, text: str) -> str:
        """The text, or a block."""
        if not self.secret:
            return text
        bare = text.casefold()
        spaced = self.secret.isdisjoint(_TOKEN.findall(bare))
        return text if spaced and not any(s in bare for s in self.secret if len(s) > 2 or not s.isascii()) else BLOCK

    def line(self, text: str) -> str:
        """The same for a numbered line: its indent and the place it leads to stay."""
        if self.over(text) == text:
            return text
        bare = text.lstrip(" ")
        place = re.search(r" \d+:\d+$", bare)
        return text[: len(text) - len(bare)] + BLOCK + (place.group() if place else "")


def veil_of(version: Version, clearance: Clearance | int) -> Veil:
    """The veil before a reader of this clearance. Raises Damaged if the version's file is not what was kept."""
    hidden = hidden_words(version, clearance)
    words = [word for row in kept_rows(version) for word in row["words"]] if hidden else []
    parted: tuple[list[str], list[str]] = [], []
    for word in words:
        parted[number_of(word) in hidden].append(word[0])
    return Veil(parted[True], parted[False])


def certificate_of(version: Version) -> Certificate | None:
    """The court's certificate of a version; None if it was not certified."""
    return Certificate.objects.filter(version=version).select_related("certified_by").first()


def standing(version: Version) -> str:
    """What every page says of the version."""
    if certificate_of(version):
        return _("Certified record, version %(version)s") % {"version": version.number}
    if version.kind == VersionKind.EDITED:
        return _("Checked by the clerk, not certified")
    return _("Machine transcript, not certified")


def decided_corrections(version: Version) -> list[Correction]:
    """The corrections of the transcript that were allowed or refused, in the order they were asked for."""
    decided = (CorrectionState.ALLOWED, CorrectionState.REFUSED)
    return list(Correction.objects.filter(transcript=version.transcript_id, state__in=decided).order_by("asked_at"))


def errata(pagination: Pagination, profile: Profile, hidden: Collection[int], veil: Veil) -> list[Broken]:
    """The corrections that were decided: what stood, what was asked, what was decided and why."""
    version, columns = pagination.version, profile.columns
    order = list(places_of(pagination).of)
    lines = [*centred(_("CORRECTIONS"), columns, heading=True), Broken("")]
    found = decided_corrections(version)
    if not found:
        return lines + broken(" " * 5, _("No correction was decided."), (), columns)
    at = {number: place for place, number in enumerate(order)}
    for one in found:
        place = cited_on(pagination, one.first_word, one.last_word)
        first, last = at.get(one.first_word), at.get(one.last_word)
        touched = (
            order[first : last + 1] if first is not None and last is not None else [one.first_word, one.last_word]
        )
        shut = any(number in hidden for number in touched)
        stands, proposed, reason, answer = (
            BLOCK if shut and text else veil.over(text)
            for text in (_beside(one.stands), _beside(one.proposed), one.reason, one.answer)
        )
        lines += broken("", f"{place or '—'}  {one.get_state_display()}", (), columns)
        for label, text in (
            (_("Stood"), stands),
            (_("Asked"), proposed),
            (_("Reason"), reason),
            (_("Decision"), answer),
        ):
            if text:
                lines += broken(" " * 5, f"{label}: {' '.join(text.split())}", (), columns)
        lines.append(Broken(""))
    return lines


def _beside(words: str) -> str:
    """Words of several passages on one line."""
    return words.replace("\n", " / ")


def certificate_page(version: Version, profile: Profile, pages: int, veil: Veil, *, whole: bool) -> list[Broken]:
    """The court's certificate with its hashes and the parties' signatures; or that there is none.

    Unless the reader has the ``whole`` text, only the one hash over everything is told: with the text's own, a hidden
    name could be found by trying.
    """
    columns = profile.columns
    certificate = certificate_of(version)
    lacks = _lacks(lacked(version, certificate), columns, veil)
    if certificate is None:
        lines = [*centred(_("NOT CERTIFIED"), columns, heading=True), Broken("")]
        words = _(
            "These pages show a transcript that nobody has certified. They are not the court's record, "
            "and may be wrong."
        )
        lines += [*broken(" " * 5, words, (), columns), *lacks]
        if not whole:
            return lines
        return [
            *lines,
            Broken(""),
            *_hash(_("Text of version %(version)s") % {"version": version.number}, version.sha256, columns),
        ]
    lines = [*centred(_("CERTIFICATE"), columns, heading=True), Broken("")]
    words = ngettext(
        "I certify that this is a true record of what was said in the hearing named on the first page, "
        "on %(pages)s numbered page, as version %(version)s of the court's transcript.",
        "I certify that this is a true record of what was said in the hearing named on the first page, "
        "on %(pages)s numbered pages, as version %(version)s of the court's transcript.",
        pages,
    )
    lines += [*broken(" " * 5, words % {"pages": pages, "version": version.number}, (), columns), *lacks]
    lines.append(Broken(""))
    lines += broken(" " * 5, certificate.certified_by.name, (), columns)
    lines += broken(" " * 5, write_when(timezone.localtime(certificate.certified_at)), (), columns)
    lines.append(Broken(""))
    lines += _sealed_things(certificate, columns, whole=whole)
    for one in RecordSignature.objects.filter(certificate=certificate).order_by("signed_at"):
        lines.append(Broken(""))
        told = _("Signed by %(name)s, %(role)s, %(when)s")
        lines += broken(
            " " * 5,
            told
            % {
                "name": one.name,
                "role": role_name(one.role) or "—",
                "when": write_when(timezone.localtime(one.signed_at)),
            },
            (),
            columns,
        )
        if one.objection:
            words = _("with this objection: %(objection)s") % {"objection": veil.over(" ".join(one.objection.split()))}
            lines += broken(" " * 8, words, (), columns)
    return lines


def lacked(version: Version, certificate: Certificate | None) -> list[Lack]:
    """What the recording lacked when the version was certified; what it lacks now if no certificate says."""
    if certificate is None:
        return lacking(version.transcript)
    told = json.loads(certificate.manifest)
    return certified_as_lacking(told["lacking"]) if "lacking" in told else lacking(version.transcript)


def _lacks(lacks: Sequence[Lack], columns: int, veil: Veil) -> list[Broken]:
    """The same in numbered lines."""
    if not lacks:
        return []
    lines = [Broken(""), *broken(" " * 5, _("The recording is not whole:"), (), columns)]
    for one in lacks:
        lines += broken(" " * 8, replace(one, name=veil.over(one.name)).line, (), columns)
    return lines


def _sealed_things(certificate: Certificate, columns: int, *, whole: bool) -> list[Broken]:
    """The SHA-256 of everything the certificate is about."""
    if not whole:
        return _hash(_("SHA-256 of text, sound and their alignment together"), certificate.sha256, columns)
    told = json.loads(certificate.manifest)
    lines = broken(" " * 5, _("The certificate names these by their SHA-256:"), (), columns)
    lines += _hash(_("Text"), str(told.get("text", "")), columns)
    for name, sha256 in told.get("media", []):
        lines += _hash(str(name), str(sha256 or "—"), columns)
    lines += _hash(_("Alignment of text and sound"), str(told.get("alignment", "")), columns)
    return lines + _hash(_("All of it together"), certificate.sha256, columns)


def _hash(name: str, sha256: str, columns: int) -> list[Broken]:
    lines = broken(" " * 5, name, (), columns)
    return lines + [Broken(" " * 8 + sha256[at : at + 32]) for at in range(0, len(sha256), 32)]
