"""Addresses of the record."""

from django.urls import URLPattern, URLResolver, path

from .views import editing, finding, making, pages, quoting, reading, redaction, written

urlpatterns: list[URLPattern | URLResolver] = [
    path("transcripts/<int:number>/", reading.transcript, name="transcript"),
    path("transcripts/<int:number>/progress", making.progress, name="transcript_progress"),
    path("transcripts/<int:number>/again", making.again, name="transcript_again"),
    path("transcripts/<int:number>/stop", making.stop, name="transcript_stop"),
    path("transcripts/<int:number>/sound", reading.sound, name="transcript_sound"),
    path("transcripts/<int:number>/picture/<int:track>", reading.picture, name="transcript_picture"),
    path("transcripts/<int:number>/written/", written.records, name="written_records"),
    path("transcripts/<int:number>/written/<int:record>/", written.record, name="written_record"),
    path("transcripts/<int:number>/written/<int:record>/progress", written.progress, name="written_progress"),
    path("transcripts/<int:number>/written/<int:record>/again", written.again, name="written_again"),
    path("transcripts/<int:number>/written/<int:record>/stop", written.stop, name="written_stop"),
    path(
        "transcripts/<int:number>/written/<int:record>/differences/<int:difference>",
        written.decide,
        name="difference_decide",
    ),
    path("transcripts/<int:number>/quote", quoting.quote, name="transcript_quote"),
    path("transcripts/<int:number>/edit", editing.editor, name="transcript_edit"),
    path("transcripts/<int:number>/edit/text", editing.text, name="transcript_edit_text"),
    path("transcripts/<int:number>/edits", editing.edits, name="transcript_edits"),
    path("transcripts/<int:number>/redact", redaction.redact, name="redact"),
    path("transcripts/<int:number>/redactions/", redaction.redactions, name="redactions"),
    path("transcripts/<int:number>/redactions/<uuid:batch>/", redaction.redaction, name="redaction"),
    path("transcripts/<int:number>/leaks/<int:pk>", redaction.leak, name="leak_settle"),
    path("transcripts/<int:number>/release", redaction.release, name="transcript_release"),
    path("transcripts/<int:number>/pages", pages.pages, name="transcript_pages"),
    path("transcripts/<int:number>/pages/progress", pages.progress, name="transcript_pages_progress"),
    path("transcripts/<int:number>/pages/print", pages.print_pages, name="transcript_pages_print"),
    path("transcripts/<int:number>/pages/<int:file>.pdf", pages.file, name="transcript_pages_file"),
    path("records/", redaction.records, name="records"),
    path("search/", finding.search_page, name="search"),
    path("search/save", finding.save_search, name="search_save"),
    path("search/saved/", finding.saved_searches, name="saved_searches"),
    path("search/saved/<int:number>/delete", finding.delete_search, name="saved_search_delete"),
]
