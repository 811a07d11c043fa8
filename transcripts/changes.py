"""What the editor's page asks to have changed, read and checked before anything is touched."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from court.cases.models import Role

from .correcting import tidied

AT_ONCE = 200  # changes in one request
LONGEST = 20_000  # characters of a passage
KINDS = ("words", "speaker", "split", "merge", "undo")


class BadChange(Exception):
    """What was sent is no change; the message is for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``revision`` is that of the passage as the person saw it; whoever saw another is told.

    ``words``: the passage shall say ``text``. ``speaker``: it was said by ``speaker`` in ``role``. ``split``: it ends
    after ``text``, and ``rest`` is a passage of its own. ``merge``: it goes on ``into``, the passage before it.
    ``undo``: what stood before the edit ``undone`` stands again.
    """

    id: uuid.UUID
    kind: str
    utterance: int = 0
    revision: int = 0
    text: str = ""
    rest: str = ""
    speaker: str = ""
    role: str = ""
    into: int = 0
    into_revision: int = 0
    undone: uuid.UUID | None = None
    batch: uuid.UUID | None = None


class ChangeForm(forms.Form):
    """The fields of a change as they are sent; which of them must be there depends on its kind."""

    id = forms.UUIDField()
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    utterance = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    text = forms.CharField(max_length=LONGEST, required=False, strip=False)
    rest = forms.CharField(max_length=LONGEST, required=False, strip=False)
    speaker = forms.CharField(max_length=150, required=False)
    role = forms.ChoiceField(choices=[("", ""), *Role.choices], required=False)
    into = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    into_revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    undone = forms.UUIDField(required=False)
    batch = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a change without what its kind needs."""
        told: dict[str, Any] = super().clean() or {}
        told["text"], told["rest"] = tidied(told.get("text") or ""), tidied(told.get("rest") or "")
        needs = {
            "words": ("utterance",),
            "speaker": ("utterance", "speaker"),
            "split": ("utterance", "text", "rest"),
            "merge": ("utterance", "into"),
            "undo": ("undone",),
        }
        if any(not told.get(name) for name in needs.get(told.get("kind", ""), ())):
            self.add_error(None, _("This change does not say enough."))
        return told


def changes_of(sent: object) -> list[Change]:
    """The changes in what was sent: {"edits": [...]}. Raises BadChange."""
    listed = sent.get("edits") if isinstance(sent, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= AT_ONCE:
        raise BadChange(_("A list of changes was expected."))
    found: list[Change] = []
    for one in listed:
        form = ChangeForm(one if isinstance(one, dict) else {})
        if not form.is_valid():
            raise BadChange(" ".join(str(fault) for faults in form.errors.values() for fault in faults))
        found.append(Change(**{name: value for name, value in form.cleaned_data.items() if value is not None}))
    return found
