"""Django's registration of the module."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    """The certification module."""

    name = "greenward.certification"
    default_auto_field = "django.db.models.BigAutoField"
