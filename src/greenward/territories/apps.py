"""Django's registration of the module."""

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """The territories module."""

    name = "greenward.territories"
    default_auto_field = "django.db.models.BigAutoField"
