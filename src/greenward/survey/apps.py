"""Django's registration of the module."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """The survey module."""

    name = "greenward.survey"
    default_auto_field = "django.db.models.BigAutoField"
