"""Who feeds values, and which communities fed places belong to."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError, NotAllowedError
from greenward.territories.models import Appointment, Level, Office, Place, PlaceVersion
from greenward.territories.roles import ROLES, Permission


def feeding_office(user: User, name: str, day: date) -> Office:
    """Return the office for which the person feeds values; by ``name`` where there are several.

    NotAllowedError for who has no such office; InvalidInputError where it is not certain which is meant.
    """
    roles = [slug for slug, role in ROLES.items() if Permission.FEED in role.permissions]
    held = Appointment.objects.filter(user=user, role__in=roles, during__contains=day)
    offices = {
        one.office_id: one.office
        for one in held.exclude(office__department="")
        .select_related("office__place")
        .order_by("office__name")
    }
    if not offices or not user.is_active:
        raise NotAllowedError(
            _("您不在提供数据的部门任职。"), hint=_("请由本部门牵头单位任用，并登记单位所属的部门。")
        )
    fitting = [office for office in offices.values() if name in {"", office.name}]
    if len(fitting) != 1:
        names = [office.name for office in offices.values()]
        raise InvalidInputError(
            _("请写明代表哪个单位：%(offices)s。") % {"offices": "、".join(names)},
            hint=_("在 office 中填写单位名称。"),
            field="office",
            offices=names,
        )
    return fitting[0]


def communities_of(places: Iterable[PlaceVersion]) -> dict[int, int]:
    """Return the community of each place, by the place's id. One query at most."""
    found: dict[int, int] = {}
    deeper: dict[int, str] = {}
    for version in places:
        if version.place.level == Level.COMMUNITY:
            found[version.place_id] = version.place_id
        elif version.place.level != Level.BUILDING and version.parent_id is not None:
            found[version.place_id] = version.parent_id
        else:
            deeper[version.place_id] = version.path.split("/")[-4]
    if deeper:
        by_code = dict(Place.objects.filter(code__in=set(deeper.values())).values_list("code", "pk"))
        found |= {pk: by_code[code] for pk, code in deeper.items()}
    return found
