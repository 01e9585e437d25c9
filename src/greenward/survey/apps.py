"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveyConfig(AppConfig):
    """The survey module."""

    name = "greenward.survey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the survey into the main navigation."""
        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 — apps load first

        register(Entry(_("摸底"), "survey:rounds", 40, signed_in))
