from django.apps import AppConfig


class Config(AppConfig):
    name = "court.evidence"
    label = "evidence"
