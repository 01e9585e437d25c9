"""Django's registration of the module."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts module."""

    name = "greenward.accounts"
    default_auto_field = "django.db.models.BigAutoField"
