from django.apps import AppConfig


class Config(AppConfig):
    name = "court.filings"
    label = "filings"

    def ready(self) -> None:
        from . import docket, page  # noqa: F401 - register sentences, and what this room shows on the case page
