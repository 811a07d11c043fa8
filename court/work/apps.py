from django.apps import AppConfig


class Config(AppConfig):
    name = "court.work"
    label = "work"
