"""A hearing of some pages, with a name in it that is hidden in some tests."""

from tests.transcripts.hearings import a_case, heard
from transcripts.models import (
    Level,
    Redaction,
    RedactionState,
)

SECRET = "Zanzibarskaya"
SAID = [
    ("Ada Park", "judge", 1.0, "This is the hearing of the claim about a parcel. I will hear the witness first."),
    ("Ada Park", "judge", 12.0, "Please tell the court what you saw on Monday morning."),
    ("Choi Min", "witness", 20.0, "The van came at nine and the driver left the parcel outside the door in the rain."),
    ("Kim Jiwoo", "claimant", 32.0, f"Did you see the name {SECRET} on the label of the parcel?"),
    ("Choi Min", "witness", 40.0, f"Yes, the name {SECRET} was on it, and an address in our street."),
    ("Li Wei", "respondent", 50.0, "I object to this."),
    ("Kim Jiwoo", "claimant", 54.0, "And the driver said nothing?"),
    ("Choi Min", "witness", 58.0, "Nothing at all."),
]


def a_record(cast):
    """What was said three times over, as a transcript of three pages and more."""
    said = [(who, role, second + 70 * turn, text) for turn in range(3) for who, role, second, text in SAID]
    return heard(a_case(cast), said, judge=cast.judge)


def redact(record, text, *, by, level=Level.REDACTED):
    """Hide every occurrence of a word."""
    for said in record.utterances.order_by("position"):
        for word in said.words:
            if word[0].strip(",.") == text:
                Redaction.objects.create(
                    transcript=record,
                    track=said.track,
                    words=[word[4]],
                    start=word[1],
                    end=word[2],
                    level=level,
                    reason="A name",
                    asked_by=by,
                    state=RedactionState.APPLIED,
                )
