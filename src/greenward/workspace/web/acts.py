"""What a person may do to a community's standing from its file: forms that certification answers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from greenward.certification.queries import Standings
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class Act:
    """A form with a day and a reason: its name, button, the day's label, and where it goes."""

    slug: str
    label: str
    day_label: str
    address: str


def acts_of(standing: Standings, place: PlaceVersion) -> list[Act]:
    """Return the acts that the person's role and the community's standing allow."""
    allowed = []
    if standing.may_enrol and standing.participation is None:
        allowed.append(("enrol", _("登记参与创建"), _("参与日")))
    if standing.may_enrol and standing.participation is not None:
        allowed.append(("withdraw", _("登记退出创建"), _("退出日")))
    if standing.may_choose_pilots and standing.pilot is None:
        allowed.append(("start_pilot", _("选为试点"), _("开始日")))
    if standing.may_choose_pilots and standing.pilot is not None:
        allowed.append(("conclude_pilot", _("结束试点"), _("结束日")))
    code = place.place.code
    return [
        Act(slug, label, day, reverse(f"certification:{slug}", args=[code])) for slug, label, day in allowed
    ]
