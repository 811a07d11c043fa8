from django.apps import AppConfig


class Config(AppConfig):
    name = "court.cases"
    label = "cases"
