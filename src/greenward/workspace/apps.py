"""Django's registration of the module."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """The workspace module."""

    name = "greenward.workspace"
    default_auto_field = "django.db.models.BigAutoField"
