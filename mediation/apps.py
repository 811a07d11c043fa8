from django.apps import AppConfig


class Config(AppConfig):
    name = "mediation"
    label = "mediation"
