"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    """The assessment module; packs have their rules read by its engine."""

    name = "greenward.assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the rule engine to packs, take facts from the survey, and hear when values come in."""
        from greenward.assessment import receivers  # noqa: PLC0415 - models load after the apps
        from greenward.assessment.facts import registry  # noqa: PLC0415 - the same
        from greenward.assessment.facts.survey import SurveyFacts  # noqa: PLC0415 - the same
        from greenward.assessment.reader import EngineReader  # noqa: PLC0415 - the engine loads after the apps
        from greenward.assessment.web.views import effect  # noqa: PLC0415 - the same
        from greenward.packs import rules  # noqa: PLC0415 - the same
        from greenward.packs.web import pages as pack_pages  # noqa: PLC0415 - the same
        from greenward.survey.events import values_recorded  # noqa: PLC0415 - the same
        from greenward.territories.web import pages  # noqa: PLC0415 - the same

        for tab in effect.TABS:
            pack_pages.register(tab)
        pages.register(pages.FilePage("gaps", _("短板"), "assessment:gaps", 35))
        rules.register(EngineReader())
        registry.register(registry.SURVEY, SurveyFacts())
        values_recorded.connect(receivers.take_in, dispatch_uid="assessment")
