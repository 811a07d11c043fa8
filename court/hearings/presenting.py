"""Showing an exhibit to everybody in a hearing while it is in session, and putting it away."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from court.accounts.models import User
from court.cases.access import may, party_of
from court.evidence.access import exhibits_for
from court.evidence.drawing import page_file
from court.evidence.models import Exhibit, Kind
from court.rooms.events import tell
from court.rooms.models import Room, Seat
from court.work.services import again, enqueue

from .models import Hearing, HearingState, Presentation


class NotNow(Exception):
    """The hearing is not in session, or there is no such page."""


def seat_in(user: User, hearing: Hearing) -> Seat | None:
    """This person's place in the hearing's room."""
    return Seat.objects.filter(room=hearing.room_id, user=user, removed_at=None).first()


def presentable(user: User, hearing: Hearing) -> QuerySet[Exhibit]:
    """The exhibits this person may show: who leads the hearing or manages the case, all; a party, their side's."""
    seat = seat_in(user, hearing)
    if seat is None:
        return Exhibit.objects.none()
    exhibits = exhibits_for(user).filter(case=hearing.case_id, withdrawn_at=None)
    if seat.host or may(user, hearing.case, "manage_case"):
        return exhibits
    party = party_of(user, hearing.case)
    return exhibits.filter(party__role=party.role) if party else Exhibit.objects.none()


def exhibit_to_present(user: User, hearing: Hearing, number: int) -> Exhibit:
    """The exhibit, or Http404 unless this person may show it."""
    exhibit = presentable(user, hearing).filter(pk=number).first()
    if exhibit is None:
        raise Http404
    return exhibit


def shown_now(hearing: Hearing | Room) -> Presentation | None:
    """What is shown at this moment."""
    by = {"hearing": hearing} if isinstance(hearing, Hearing) else {"hearing__room": hearing}
    return (
        Presentation.objects.filter(until=None, hearing__state=HearingState.LIVE, **by)
        .select_related("exhibit", "hearing", "by")
        .last()
    )


def may_put_away(user: User, shown: Presentation) -> bool:
    """Whoever shows it may put it away, and whoever leads the hearing or manages the case."""
    if shown.by_id == user.pk:
        return True
    seat = seat_in(user, shown.hearing)
    return seat is not None and (seat.host or may(user, shown.hearing.case, "manage_case"))


def presentation_for(user: User, number: int, presentation: int) -> Presentation:
    """What is shown now in a hearing, for everybody who has a place in it; otherwise Http404.

    A witness sees no file of the case; what the court shows them in the hearing they see while it is shown.
    """
    shown = (
        Presentation.objects.filter(pk=presentation, hearing=number, until=None, hearing__state=HearingState.LIVE)
        .select_related("exhibit__case", "hearing__case")
        .first()
    )
    if shown is None or seat_in(user, shown.hearing) is None:
        raise Http404
    return shown


def present(hearing: Hearing, exhibit: Exhibit, page: int | None, *, by: User) -> Presentation:
    """Show an exhibit, or another page of it, to everybody in the room. What was shown before is put away.

    Raises NotNow unless the hearing is in session and the exhibit has that page.
    """
    pages = exhibit.pages if exhibit.kind == Kind.PDF else None
    number = (page or 1) if pages else None
    if number is not None and not 1 <= number <= (pages or 0):
        raise NotNow
    with transaction.atomic():
        held = Hearing.objects.select_for_update().filter(pk=hearing.pk, state=HearingState.LIVE).first()
        if held is None:
            raise NotNow
        now = timezone.now()
        Presentation.objects.filter(hearing=held, until=None).update(until=now)
        shown = Presentation.objects.create(hearing=held, exhibit=exhibit, page=number, by=by, at=now)
        if number is not None and page_file(exhibit, number) is None:
            again(enqueue("draw_presented", key=f"{exhibit.pk}-{number}", exhibit=exhibit.pk, page=number))
        tell(held.room, "exhibit_shown", seat_in(by, held), presentation=shown.pk)
    return shown


def put_away(shown: Presentation, *, by: User) -> bool:
    """Put away what is shown. False if it was put away already, or something else is shown since."""
    with transaction.atomic():
        if not Presentation.objects.filter(pk=shown.pk, until=None).update(until=timezone.now()):
            return False
        tell(shown.hearing.room, "exhibit_put_away", seat_in(by, shown.hearing), presentation=shown.pk)
    return True


def clear_table(hearing: Hearing) -> None:
    """The hearing is over: what is still shown is put away with its end."""
    ended = Room.objects.values_list("ended_at", flat=True).get(pk=hearing.room_id)
    Presentation.objects.filter(hearing=hearing, until=None).update(until=ended or timezone.now())


def page_drawn(exhibit: Exhibit) -> None:
    """A page is drawn: let the rooms in which the exhibit is shown have it.

    It is written down as an event: a worker is another process, and browsers may learn of it at their next look only.
    """
    for shown in Presentation.objects.filter(exhibit=exhibit, until=None).select_related("hearing__room"):
        tell(shown.hearing.room, "exhibit_drawn", presentation=shown.pk)


def told(shown: Presentation, user: User) -> dict[str, Any]:
    """What is shown, as a browser in the room is told of it."""
    exhibit = shown.exhibit
    ready = exhibit.kind != Kind.PDF or page_file(exhibit, shown.page or 1) is not None
    return {
        "id": shown.pk,
        "label": exhibit.label,
        "title": exhibit.title,
        "kind": exhibit.kind,
        "page": shown.page,
        "pages": exhibit.pages,
        "url": reverse("presented", args=[shown.hearing_id, shown.pk]) if ready else None,
        "away": reverse("hearing_put_away", args=[shown.hearing_id, shown.pk]) if may_put_away(user, shown) else None,
    }
