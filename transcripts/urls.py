"""Addresses of the record."""

from django.urls import URLPattern, URLResolver, path

from .views import finding, making, quoting, reading, written

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
    path("search/", finding.search_page, name="search"),
]
