from django.apps import AppConfig


class Config(AppConfig):
    name = "court.accounts"
    label = "accounts"
