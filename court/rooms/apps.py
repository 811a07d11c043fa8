from django.apps import AppConfig


class Config(AppConfig):
    name = "court.rooms"
    label = "rooms"
