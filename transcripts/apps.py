from django.apps import AppConfig


class Config(AppConfig):
    name = "transcripts"
    label = "transcripts"

    def ready(self) -> None:
        from . import citing, page, receivers  # noqa: F401
        from .certification import page as certification_page  # noqa: F401
        from .finding import page as finding_page  # noqa: F401
        from .finding import receivers as finding_receivers  # noqa: F401
        from .moments import page as moments_page  # noqa: F401
        from .pages import issued  # noqa: F401
        from .redaction import page as redaction_page  # noqa: F401
        from .redaction import receivers as redaction_receivers  # noqa: F401
        from .written import page as written_page  # noqa: F401
