"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    """The evidence module."""

    name = "greenward.evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the evidence into the community's file, and its questions into the list of to-dos."""
        from greenward.duties import todos  # noqa: PLC0415 — apps load first
        from greenward.evidence.todos import QUESTIONS  # noqa: PLC0415 — the same
        from greenward.territories.web.pages import FilePage, register  # noqa: PLC0415 — apps load first

        register(FilePage("evidence", _("材料"), "evidence:panel", 60))
        todos.register(QUESTIONS)
