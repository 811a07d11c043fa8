"""Addresses of the record."""

from django.urls import URLPattern, URLResolver, path

from .views import finding, reading

urlpatterns: list[URLPattern | URLResolver] = [
    path("transcripts/<int:number>/", reading.transcript, name="transcript"),
    path("transcripts/<int:number>/progress", reading.progress, name="transcript_progress"),
    path("transcripts/<int:number>/again", reading.again, name="transcript_again"),
    path("transcripts/<int:number>/sound", reading.sound, name="transcript_sound"),
    path("transcripts/<int:number>/picture/<int:track>", reading.picture, name="transcript_picture"),
    path("search/", finding.search_page, name="search"),
]
