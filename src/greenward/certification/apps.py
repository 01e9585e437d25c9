"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificationConfig(AppConfig):
    """The certification module."""

    name = "greenward.certification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let assessment know who takes part and who is a pilot, and people what waits for them."""
        from greenward.assessment.facts import registry  # noqa: PLC0415 - models load after the apps
        from greenward.assessment.facts.measures import CERTIFICATION  # noqa: PLC0415 - the same
        from greenward.assessment.receivers import take_in  # noqa: PLC0415 - the same
        from greenward.certification.events import standings_changed  # noqa: PLC0415 - the same
        from greenward.certification.queries import StandingFacts  # noqa: PLC0415 - the same
        from greenward.certification.queries.aftercare_sections import (  # noqa: PLC0415 - the same
            add_sections,
        )
        from greenward.certification.receivers import follow_communities  # noqa: PLC0415 - the same
        from greenward.certification.todos import KINDS  # noqa: PLC0415 - the same
        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 - the same
        from greenward.duties import todos  # noqa: PLC0415 - the same
        from greenward.territories.events import places_succeeded  # noqa: PLC0415 - the same

        register(Entry(_("申报与审核"), "certification:queue", 45, signed_in))
        register(Entry(_("公示"), "certification:notices", 80, lambda _request: True))
        add_sections()
        registry.register(CERTIFICATION, StandingFacts(), _("申报与审核"))
        standings_changed.connect(take_in, dispatch_uid="certification")
        places_succeeded.connect(follow_communities, dispatch_uid="certification")
        for kind in KINDS:
            todos.register(kind)
