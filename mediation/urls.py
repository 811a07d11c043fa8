"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import offer_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<str:number>/mediation/new/", views.mediation_new, name="mediation_new"),
    path("cases/<str:number>/offers/", offer_views.offers, name="offers"),
    path("cases/<str:number>/offers/<int:offer>/", offer_views.offer_answer, name="offer_answer"),
    path("mediations/", views.mediations, name="mediations"),
    path("mediation/<int:number>/", views.mediation, name="mediation"),
    path("mediation/<int:number>/answer/", views.mediation_answer, name="mediation_answer"),
    path("mediation/<int:number>/move/", views.mediation_move, name="mediation_move"),
    path("mediation/<int:number>/cancel/", views.mediation_cancel, name="mediation_cancel"),
    path("mediation/<int:number>/outcome/", views.mediation_outcome, name="mediation_outcome"),
    path("mediation/<int:number>/caucus/", views.mediation_caucus, name="mediation_caucus"),
    path("mediation/<int:number>/mediation.ics", views.mediation_ics, name="mediation_ics"),
]
