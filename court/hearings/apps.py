from django.apps import AppConfig


class Config(AppConfig):
    name = "court.hearings"
    label = "hearings"

    def ready(self) -> None:
        from . import page, receivers  # noqa: F401 - they register what hearings show and do
