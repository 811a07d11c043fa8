"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("claims/new/", views.claim_new, name="claim_new"),
    path("cases/<str:number>/claim/", views.claim, name="claim"),
    path("cases/<str:number>/claim/withdraw/", views.claim_withdraw, name="claim_withdraw"),
    path("cases/<str:number>/claim/<str:step>/", views.claim_step, name="claim_step"),
    path("cases/<str:number>/answer/", views.answer, name="answer"),
    path("cases/<str:number>/answer/<str:step>/", views.answer_step, name="answer_step"),
    path("cases/<str:number>/review/", views.review, name="review"),
    path("cases/<str:number>/service/", views.service, name="service"),
    path("review/", views.review_queue, name="review_queue"),
    path("join/", views.join, name="join"),
]
