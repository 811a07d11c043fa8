from django.apps import AppConfig


class Config(AppConfig):
    name = "court.orders"
    label = "orders"
