"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoriesConfig(AppConfig):
    """The territories module."""

    name = "greenward.territories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the page of people and roles into the main navigation."""
        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 — apps load first

        register(Entry(_("人员与角色"), "territories:people", 70, signed_in))
