"""The court's addresses as a demo has them, whether or not these tests run as one."""

from django.conf import settings
from django.urls import include, path

from court.urls import urlpatterns as house

urlpatterns = [*house] if settings.DEMO else [*house, path("demo/", include("court.demo.urls"))]
