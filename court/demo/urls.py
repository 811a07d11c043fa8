"""Addresses of the demo; the court's own addresses include them in a demo only."""

from django.urls import path

from . import views

urlpatterns = [
    path("mail/", views.mail, name="demo_mail"),
    path("mail/<str:key>/<int:number>/", views.attachment, name="demo_attachment"),
]
