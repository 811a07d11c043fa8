"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("cases/", views.cases, name="cases"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/docket/", views.docket, name="docket"),
    path("cases/<str:number>/people/", views.case_people, name="case_people"),
    path("cases/<str:number>/people/<int:appointment>/release/", views.case_release, name="case_release"),
    path("cases/<str:number>/seal/", views.case_seal, name="case_seal"),
]
