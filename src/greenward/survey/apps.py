"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveyConfig(AppConfig):
    """The survey module."""

    name = "greenward.survey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the survey into the navigation, contradictions under certificates, files under evidence."""
        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 — apps load first
        from greenward.duties import todos  # noqa: PLC0415 — the same
        from greenward.evidence import records  # noqa: PLC0415 — the same
        from greenward.survey.actions.attachments import WORK  # noqa: PLC0415 — the same
        from greenward.survey.queries.completeness import register_concern  # noqa: PLC0415 — the same
        from greenward.survey.queries.quality import count_contradictions  # noqa: PLC0415 — the same
        from greenward.survey.todos import KINDS  # noqa: PLC0415 — the same

        register(Entry(_("摸底"), "survey:rounds", 40, signed_in))
        records.register(WORK, _("摸底"))
        register_concern("contradictions", _("未说明的矛盾"), count_contradictions)
        for kind in KINDS:
            todos.register(kind)
