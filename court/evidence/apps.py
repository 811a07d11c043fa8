from django.apps import AppConfig


class Config(AppConfig):
    name = "court.evidence"
    label = "evidence"

    def ready(self) -> None:
        from . import page  # noqa: F401 - registers what this room shows
