"""Addresses of the record."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("transcripts/<int:number>/", views.transcript, name="transcript"),
    path("transcripts/<int:number>/progress", views.progress, name="transcript_progress"),
    path("transcripts/<int:number>/again", views.again, name="transcript_again"),
    path("transcripts/<int:number>/sound", views.sound, name="transcript_sound"),
    path("transcripts/<int:number>/picture/<int:track>", views.picture, name="transcript_picture"),
    path("search/", views.search_page, name="search"),
]
