"""Everything known of one place, as far as a person's reach shows it."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.territories.access import reach_of
from greenward.territories.models import Alias, Place, PlaceVersion, UrbanStatus
from greenward.territories.queries.history import HistoryEntry, Named, history_of, last_names, names_of
from greenward.territories.queries.places import places_for


@dataclass(frozen=True)
class Period:
    """A version of a place, with the place it then reported to."""

    version: PlaceVersion
    parent: Named | None


@dataclass(frozen=True)
class PlaceFile:
    """A place with its periods within reach (oldest first), and what else is known of it.

    ``version`` is the one in force on the day, None if there was none; ``above`` are the places above it
    that the person may see.
    """

    place: Place
    version: PlaceVersion | None
    periods: tuple[Period, ...]
    above: tuple[PlaceVersion, ...]
    aliases: tuple[Alias, ...]
    statuses: tuple[UrbanStatus, ...]
    history: tuple[HistoryEntry, ...]

    @property
    def latest(self) -> PlaceVersion:
        """Return the version of the day, else the last one within reach."""
        return self.version or self.periods[-1].version


def place_file_for(user: User | AnonymousUser, code: str, *, on: date) -> PlaceFile:
    """Return the file of the place with ``code``, also of a former one; NotFoundError beyond reach.

    Who sees a place through one of its periods only (it was moved) sees that period only.
    """
    place = Place.objects.filter(code=code).first()
    reach = reach_of(user)
    versions = [v for v in names_of(place) if reach.covers(v.path)] if place else []
    if place is None or not versions:
        raise NotFoundError(
            _("没有找到代码为 %(code)s 的地方，或者它不在您的管辖范围内。") % {"code": code},
            hint=_("请核对代码和日期。"),
            code=code,
        )
    current = next((v for v in versions if on in v.during), None)
    codes = (current or versions[-1]).path.split("/")[:-2]
    parents = last_names({v.parent_id for v in versions if v.parent_id is not None})
    return PlaceFile(
        place=place,
        version=current,
        periods=tuple(Period(v, parents.get(v.parent_id or 0)) for v in versions),
        above=tuple(places_for(user, on=on).filter(place__code__in=codes).order_by("path")),
        aliases=tuple(place.aliases.order_by("text")),
        statuses=tuple(place.urban_statuses.order_by("during")),
        history=tuple(history_of(place)),
    )
