"""The record: what was said in a hearing, by whom and when, on the recording's clock; and all that is made of it."""

from .errata import Certificate, Correction, CorrectionState, RecordSignature
from .listening import HeardAnew, HeardPassage, Rehearing, SpokenLanguage
from .moments import Clip, ClipState, Frame
from .pages import PageFormat, PageLine, PagesFile, Pagination, SealedPages
from .record import STEP, Fault, Timing, TrackText, Transcript, TranscriptState, Utterance
from .redaction import LIVE, Clearance, Leak, Level, Redaction, RedactionState, Rendition
from .searching import ExhibitReading, ReadingState, SavedSearch, Writing, WritingKind
from .versions import Edit, EditKind, Version, VersionKind
from .written import Decision, Discrepancy, DiscrepancyKind, WrittenRecord, WrittenState

__all__ = [
    "LIVE",
    "STEP",
    "Certificate",
    "Clearance",
    "Clip",
    "ClipState",
    "Correction",
    "CorrectionState",
    "Decision",
    "Discrepancy",
    "DiscrepancyKind",
    "Edit",
    "EditKind",
    "ExhibitReading",
    "Fault",
    "Frame",
    "HeardAnew",
    "HeardPassage",
    "Leak",
    "Level",
    "PageFormat",
    "PageLine",
    "PagesFile",
    "Pagination",
    "ReadingState",
    "RecordSignature",
    "Redaction",
    "RedactionState",
    "Rehearing",
    "Rendition",
    "SavedSearch",
    "SealedPages",
    "SpokenLanguage",
    "Timing",
    "TrackText",
    "Transcript",
    "TranscriptState",
    "Utterance",
    "Version",
    "VersionKind",
    "Writing",
    "WritingKind",
    "WrittenRecord",
    "WrittenState",
]
