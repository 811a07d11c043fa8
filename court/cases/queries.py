"""What the pages of this room read."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from court.accounts.models import Office, User

from . import stages
from .access import cases_for
from .docket import docket_for, sentence
from .models import Appointment, Case, DocketEntry, Party, Stage
from .standing import STANDS

AT_HOME = 10  # cases shown on a person's home page; the list has the rest
LAST_ENTRIES = 5  # docket entries shown on the case page


@dataclass(frozen=True)
class Line:
    """A docket entry as the timeline shows it."""

    title: str
    when: object
    by: str


@dataclass(frozen=True)
class InStage:
    """How many of the cases that a person sees stand at a stage."""

    stage: str
    label: object
    tone: str
    count: int


def lines(entries: list[DocketEntry]) -> list[Line]:
    """Docket entries in the active language."""
    return [Line(sentence(entry), entry.at, entry.actor_name) for entry in entries]


def docket_newest_first(user: User, case: Case) -> QuerySet[DocketEntry]:
    """What this person may read of the docket, the last entry first."""
    return docket_for(user, case).order_by("-at", "-id")


def own_cases(user: User) -> QuerySet[Case]:
    """The cases this person has a part in, or opened, the last moved first. A clerk's other cases are in the list."""
    part = Q(Exists(Party.objects.filter(case=OuterRef("pk"), user=user))) | Q(
        Exists(Appointment.objects.filter(case=OuterRef("pk"), user=user))
    )
    return cases_for(user).filter(part | Q(opened_by=user)).order_by("-stage_since", "-pk")


def found_cases(user: User, *, text: str = "", stage: str = "") -> QuerySet[Case]:
    """The cases this person may see, the last moved first, by stage and words of title, number or party."""
    found = cases_for(user)
    if stage:
        found = found.filter(stage=stage)
    for word in text.split():
        named = Party.objects.filter(case=OuterRef("pk"), name__icontains=word)
        found = found.filter(
            Q(title__icontains=word) | Q(number__icontains=word) | Q(reference__icontains=word) | Q(Exists(named))
        )
    return found.order_by("-stage_since", "-pk")


def by_stage(user: User) -> list[InStage]:
    """For staff: how many cases stand where, in the order of the procedure, without the stages that have none."""
    if user.office not in (Office.CLERK, Office.JUDGE):
        return []
    counts = dict(cases_for(user).exclude(stage=stages.DRAFT).order_by().values_list("stage").annotate(n=Count("pk")))
    return [
        InStage(stage, Stage(stage).label, STANDS[stage][1], counts[stage]) for stage in STANDS if counts.get(stage)
    ]
