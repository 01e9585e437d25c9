"""Django's registration of the module."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The assessment module."""

    name = "greenward.assessment"
    default_auto_field = "django.db.models.BigAutoField"
