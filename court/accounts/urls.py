"""Addresses of this room. Sign-up, sign-in and security are allauth's, under ``/account/``."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", views.profile, name="profile"),
]
