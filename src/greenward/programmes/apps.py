"""Django's registration of the module."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """The programmes module."""

    name = "greenward.programmes"
    default_auto_field = "django.db.models.BigAutoField"
