"""Django's registration of the module."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The core module."""

    name = "greenward.core"
    default_auto_field = "django.db.models.BigAutoField"
