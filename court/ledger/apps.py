from django.apps import AppConfig


class Config(AppConfig):
    name = "court.ledger"
    label = "ledger"
