"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("rooms/<uuid:id>/", views.room, name="room"),
    path("rooms/<uuid:id>/consent/", views.consent, name="room_consent"),
    path("rooms/<uuid:id>/takes/", views.takes, name="room_takes"),
    path("rooms/<uuid:id>/takes/<uuid:take>/end/", views.take_end, name="room_take_end"),
    path("rooms/<uuid:id>/takes/<uuid:take>/<int:number>", views.piece, name="room_piece"),
]
