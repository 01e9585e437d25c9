"""Django's registration of the module."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The evidence module."""

    name = "greenward.evidence"
    default_auto_field = "django.db.models.BigAutoField"
