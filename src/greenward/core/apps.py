"""Django's registration of the module."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The core module."""

    name = "greenward.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set up structured logs."""
        from greenward.core.web.logging import configure  # noqa: PLC0415 — after Django has its settings

        configure()
