"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<str:number>/hearings/new/", views.hearing_new, name="hearing_new"),
    path("hearings/", views.hearings, name="hearings"),
    path("hearings/<int:number>/", views.hearing, name="hearing"),
    path("hearings/<int:number>/move/", views.hearing_move, name="hearing_move"),
    path("hearings/<int:number>/cancel/", views.hearing_cancel, name="hearing_cancel"),
    path("hearings/<int:number>/notes/", views.hearing_note, name="hearing_note"),
    path("hearings/<int:number>/exhibits/", views.hearing_present, name="hearing_present"),
    path("hearings/<int:number>/exhibits/<int:presentation>/away", views.hearing_put_away, name="hearing_put_away"),
    path("hearings/<int:number>/exhibits/<int:presentation>/file", views.presented, name="presented"),
    path("hearings/<int:number>/hearing.ics", views.hearing_ics, name="hearing_ics"),
]
