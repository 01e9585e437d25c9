"""The route of a programme's pack."""

from datetime import date

from django.utils.translation import gettext as _

from greenward.core.errors import ConflictError
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.route import Route
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme


def route_of(programme: Programme) -> Route:
    """Return how communities are recognised in a programme; ConflictError where its pack says nothing."""
    route = programmes.policy(programme).route
    if route is None:
        raise ConflictError(
            _("方案没有规定申报和命名。"), hint=_("请先在方案中写 route.yaml。"), pack=str(programme.pack)
        )
    return route


def routes_on(on: date) -> dict[int, tuple[Pack, Route]]:
    """Return policy and route of every programme that has begun by a day and has a route. One query."""
    begun = Programme.objects.filter(in_force_from__lte=on).select_related("pack").defer("pack__content")
    packs = {one.pk: programmes.policy(one) for one in begun}
    return {key: (pack, pack.route) for key, pack in packs.items() if pack.route is not None}
