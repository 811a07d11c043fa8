"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<str:number>/exhibits/", views.exhibits, name="exhibits"),
    path("exhibits/<int:pk>/", views.exhibit, name="exhibit"),
    path("exhibits/<int:pk>/file", views.exhibit_file, name="exhibit_file"),
    path("exhibits/<int:pk>/pages/<int:page>.png", views.exhibit_page, name="exhibit_page"),
    path("exhibits/<int:pk>/withdraw/", views.exhibit_withdraw, name="exhibit_withdraw"),
]
