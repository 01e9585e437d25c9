"""Django's registration of the module."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """The duties module."""

    name = "greenward.duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lend what colleagues handed over, and let the audit trail name both."""
        from greenward.core import audit  # noqa: PLC0415 — apps are loaded before models
        from greenward.duties.queries.cover import LOANS  # noqa: PLC0415 — the same
        from greenward.territories import access  # noqa: PLC0415 — the same

        access.register_loans(LOANS)
        audit.add_detail(access.acting_for)
