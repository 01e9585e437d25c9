"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PilotsConfig(AppConfig):
    """The pilots module."""

    name = "greenward.pilots"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the pilots into the navigation and to-dos, meetings among records, support among facts."""
        from greenward.assessment.facts import registry  # noqa: PLC0415 - the same
        from greenward.assessment.receivers import take_in_records  # noqa: PLC0415 - the same
        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 - apps load first
        from greenward.duties import todos  # noqa: PLC0415 - the same
        from greenward.evidence import records  # noqa: PLC0415 - the same
        from greenward.pilots.actions import WORK  # noqa: PLC0415 - the same
        from greenward.pilots.events import RECORDS, supported  # noqa: PLC0415 - the same
        from greenward.pilots.queries.support import SupportFacts  # noqa: PLC0415 - the same
        from greenward.pilots.todos import CHOOSING  # noqa: PLC0415 - the same

        register(Entry(_("试点"), "pilots:home", 46, signed_in))
        records.register(WORK, _("居民会议和签名"))
        todos.register(CHOOSING)
        registry.register(RECORDS, SupportFacts(), _("对试点的支持"), only_where_named=True)
        supported.connect(take_in_records, dispatch_uid="pilots")
