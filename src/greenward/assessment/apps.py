"""Django's registration of the module."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The assessment module; packs have their rules read by its engine."""

    name = "greenward.assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the rule engine to the modules below."""
        from greenward.assessment.reader import EngineReader  # noqa: PLC0415 - the engine loads after the apps
        from greenward.packs import rules  # noqa: PLC0415 - the same

        rules.register(EngineReader())
