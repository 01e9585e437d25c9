"""Django's registration of the module."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal module."""

    name = "greenward.portal"
    default_auto_field = "django.db.models.BigAutoField"
