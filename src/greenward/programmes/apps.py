"""Django's registration of the module."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """The programmes module."""

    name = "greenward.programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let everybody's list of to-dos know what offices owe."""
        from greenward.duties import todos  # noqa: PLC0415 — apps are loaded before models
        from greenward.programmes.todos import DELIVERIES  # noqa: PLC0415 — the same

        todos.register(DELIVERIES)
