"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """The assessment module; packs have their rules read by its engine."""

    name = "greenward.assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the rule engine to packs, take facts from the survey, and hear when values come in."""
        from django.http import HttpRequest  # noqa: PLC0415 - apps are loaded before models

        from greenward.assessment import receivers  # noqa: PLC0415 - models load after the apps
        from greenward.assessment.events import judged  # noqa: PLC0415 - models load after the apps
        from greenward.assessment.facts import registry  # noqa: PLC0415 - the same
        from greenward.assessment.facts.judging import JUDGING, JudgingFacts  # noqa: PLC0415 - the same
        from greenward.assessment.facts.records import EvidenceFacts  # noqa: PLC0415 - the same
        from greenward.assessment.facts.survey import SurveyFacts  # noqa: PLC0415 - the same
        from greenward.assessment.reader import EngineReader  # noqa: PLC0415 - the engine loads after the apps
        from greenward.assessment.todos import KINDS  # noqa: PLC0415 - the same
        from greenward.assessment.web.views import catalogue, effect  # noqa: PLC0415 - the same
        from greenward.core.web import navigation  # noqa: PLC0415 - the same
        from greenward.duties import todos  # noqa: PLC0415 - the same
        from greenward.evidence.events import RECORDS, filed  # noqa: PLC0415 - the same
        from greenward.packs import rules  # noqa: PLC0415 - the same
        from greenward.packs.web import pages as pack_pages  # noqa: PLC0415 - the same
        from greenward.survey.events import values_recorded  # noqa: PLC0415 - the same
        from greenward.territories.access import reach_of  # noqa: PLC0415 - the same
        from greenward.territories.roles import Permission  # noqa: PLC0415 - the same
        from greenward.territories.web import pages  # noqa: PLC0415 - the same

        def judges_or_decides(request: HttpRequest) -> bool:
            permissions = (Permission.JUDGE, Permission.DECIDE_JUDGEMENT)
            return navigation.signed_in(request) and any(map(reach_of(request.user).paths, permissions))

        registry.register(JUDGING, JudgingFacts(), _("人工评议"))
        registry.register(RECORDS, EvidenceFacts(), _("归档材料"), only_where_named=True)
        filed.connect(receivers.take_in_records, dispatch_uid="assessment")
        judged.connect(receivers.take_in, dispatch_uid="assessment")
        navigation.register(navigation.Entry(_("人工评议"), "assessment:judgings", 42, judges_or_decides))
        for kind in KINDS:
            todos.register(kind)
        for tab in (*effect.TABS, *catalogue.TABS):
            pack_pages.register(tab)
        pages.register(pages.FilePage("gaps", _("短板"), "assessment:gaps", 35))
        rules.register(EngineReader())
        registry.register(registry.SURVEY, SurveyFacts(), _("摸底"))
        values_recorded.connect(receivers.take_in, dispatch_uid="assessment")
