from django.apps import AppConfig


class Config(AppConfig):
    name = "court.filings"
    label = "filings"
