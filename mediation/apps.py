from django.apps import AppConfig


class Config(AppConfig):
    name = "mediation"
    label = "mediation"

    def ready(self) -> None:
        from . import diary, page, receivers  # noqa: F401 - they register what mediation shows and does
