"""Django's registration of the module."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """The packs module."""

    name = "greenward.packs"
    default_auto_field = "django.db.models.BigAutoField"
