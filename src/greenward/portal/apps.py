"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The portal module."""

    name = "greenward.portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the register of titles into the navigation, for everybody."""
        from greenward.core.web.navigation import Entry, register  # noqa: PLC0415 - apps load first

        register(Entry(_("绿色社区名单"), "portal:register", 85, lambda _request: True))
