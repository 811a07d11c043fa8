from django.apps import AppConfig


class Config(AppConfig):
    name = "court.cases"
    label = "cases"

    def ready(self) -> None:
        from . import shown  # noqa: F401 - registers what this room shows on the case page
