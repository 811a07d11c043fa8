"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<str:number>/orders/new/", views.order_new, name="order_new"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("orders/<int:pk>/edit/", views.order_edit, name="order_edit"),
    path("orders/<int:pk>/sign/", views.order_sign, name="order_sign"),
    path("orders/<int:pk>/discard/", views.order_discard, name="order_discard"),
    path("orders/<int:pk>/again/", views.order_again, name="order_again"),
    path("orders/<int:pk>/pdf", views.order_pdf, name="order_pdf"),
    path("verify/", views.verify, name="verify"),
    path("certificate.pem", views.certificate, name="certificate"),
]
