"""Django's registration of the module."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts module."""

    name = "greenward.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what sign-in reports."""
        from greenward.accounts import receivers  # noqa: F401, PLC0415 — connects its receivers
