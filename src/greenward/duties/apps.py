"""Django's registration of the module."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """The duties module."""

    name = "greenward.duties"
    default_auto_field = "django.db.models.BigAutoField"
