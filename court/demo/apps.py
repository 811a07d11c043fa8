from django.apps import AppConfig


class Config(AppConfig):
    name = "court.demo"
    label = "demo"
