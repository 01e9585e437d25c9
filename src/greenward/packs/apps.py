"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    """The packs module."""

    name = "greenward.packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the pack browser into the main navigation, and its tabs into its frame."""
        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 - after the apps
        from greenward.packs.web import drafts, pages, views  # noqa: PLC0415 - the same

        register(Entry(_("政策与标准"), "packs:editions", 70, signed_in))
        for tab in (*views.TABS, *drafts.TABS):
            pages.register(tab)
