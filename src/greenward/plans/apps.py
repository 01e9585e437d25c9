"""Django's registration of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """The plans module."""

    name = "greenward.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the plans into the main navigation of whoever sees a district, and into lists of to-dos."""
        from django.http import HttpRequest  # noqa: PLC0415 - apps are loaded before models

        from greenward.core.web.navigation import Entry, register, signed_in  # noqa: PLC0415 - the same
        from greenward.duties import todos  # noqa: PLC0415 - the same
        from greenward.plans.todos import KINDS  # noqa: PLC0415 - the same
        from greenward.territories.access import reach_of  # noqa: PLC0415 - the same

        def sees_a_district(request: HttpRequest) -> bool:
            return signed_in(request) and any(
                path.count("/") <= 2  # noqa: PLR2004 - city/district/
                for path in reach_of(request.user).paths()
            )

        register(Entry(_("创建方案"), "plans:overview", 45, sees_a_district))
        for kind in KINDS:
            todos.register(kind)
