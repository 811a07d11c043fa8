"""Every address of the court. One of the few modules that know every room."""

from django.conf import settings
from django.urls import include, path

from court import views

urlpatterns = [
    path("", include("court.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("court.cases.urls")),
    path("", include("court.filings.urls")),
    path("", include("court.evidence.urls")),
    path("", include("court.rooms.urls")),
    path("", include("court.hearings.urls")),
    path("", include("mediation.urls")),
    path("", include("transcripts.urls")),
    path("", include("court.orders.urls")),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("court.demo.urls"))]
