"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    """The workspace module."""

    name = "greenward.workspace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the staff's pages into the main navigation, and the community's into its file."""
        from django.http import HttpRequest  # noqa: PLC0415 — apps are loaded before models

        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 — the same
        from greenward.duties import todos  # noqa: PLC0415 — the same
        from greenward.territories.web import pages  # noqa: PLC0415 — the same
        from greenward.workspace.queries.audit import may_read_audit  # noqa: PLC0415 — the same
        from greenward.workspace.queries.news import changes_told  # noqa: PLC0415 — the same
        from greenward.workspace.web.tabs import TABS  # noqa: PLC0415 — the same

        def reads_audit(request: HttpRequest) -> bool:
            return signed_in(request) and may_read_audit(request.user)

        todos.register_news(changes_told)
        register(Entry(_("我的工作"), "workspace:home", 10, signed_in))
        register(Entry(_("社区清单"), "workspace:communities", 20, signed_in))
        register(Entry(_("审计日志"), "workspace:audit", 80, reads_audit))
        for slug, (label, order) in TABS.items():
            pages.register(pages.FilePage(slug, label, "workspace:community", order, {"tab": slug}))
