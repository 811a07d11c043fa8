from django.apps import AppConfig


class Config(AppConfig):
    name = "court.hearings"
    label = "hearings"
