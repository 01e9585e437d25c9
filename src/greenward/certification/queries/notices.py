"""Reading notices: what is public, what may be published, and objections for those who handle them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access.aftercare import check_has_notice
from greenward.certification.models import Application, Notice, NoticeEntry, Objection
from greenward.certification.queries.route import route_of
from greenward.certification.states import OPEN_OBJECTIONS, ApplicationState, ObjectionState
from greenward.core import clock, workdays
from greenward.core.errors import NotFoundError
from greenward.core.sealing import masked, opened
from greenward.packs.schema.route import Notice as NoticeRule
from greenward.territories.access import reach_of
from greenward.territories.queries import versions_on
from greenward.territories.roles import Permission

DAY = timedelta(days=1)


def last_day(rule: NoticeRule, published_on: date) -> date:
    """Return the last day on which an objection is in time, by the statutory calendar."""
    start = published_on - DAY if rule.first_day == "published" else published_on
    return workdays.period_end(
        start,
        rule.length,
        working=rule.unit == "working",
        to_working_day=rule.last_day == "next_working_day",
    )


def receipt_of(code: str) -> str:
    """Return under what a receipt code is kept: its digest, so that a copy of the database opens nothing."""
    return hashlib.sha256("".join(code.upper().split()).replace("-", "").encode()).hexdigest()


@dataclass(frozen=True)
class Shown:
    """A notice on a day: with the territory's name, how many days are left (0 on the last), and its size."""

    notice: Notice
    territory: str
    days_left: int
    entries: int

    @property
    def is_running(self) -> bool:
        """Tell whether objections are in time."""
        return self.days_left >= 0


def notices_on(day: date) -> list[Shown]:
    """Return every notice published by ``day``, those that run first; public. Three queries."""
    rows = list(Notice.objects.filter(published_on__lte=day).prefetch_related("entries"))
    names = _names({one.territory_id for one in rows}, day)
    shown = [
        Shown(one, names.get(one.territory_id, ""), (one.ends_on - day).days, len(one.entries.all()))
        for one in rows
    ]
    return sorted(shown, key=lambda one: (not one.is_running, -one.notice.published_on.toordinal()))


def get_notice(number: int, day: date) -> Shown:
    """Return a published notice; NotFoundError for none."""
    one = Notice.objects.filter(pk=number, published_on__lte=day).first()
    if one is None:
        raise NotFoundError(_("没有这份公示。"), hint=_("请从公示列表打开。"))
    names = _names({one.territory_id}, day)
    return Shown(one, names.get(one.territory_id, ""), (one.ends_on - day).days, one.entries.count())


def entries_of(notice: Notice) -> list[NoticeEntry]:
    """Return what is in a notice, by place; public. No word on objections."""
    return list(notice.entries.select_related("application", "application__recognition"))


def get_entry(notice: Notice, number: int) -> NoticeEntry:
    """Return one entry of a notice; NotFoundError for none."""
    one = notice.entries.select_related("notice__programme", "application").filter(pk=number).first()
    if one is None:
        raise NotFoundError(_("这份公示中没有这个社区。"), hint=_("请从公示名单中选择。"))
    return one


def rule_of(notice: Notice) -> NoticeRule:
    """Return what the route says of notices; ConflictError where it says nothing."""
    return check_has_notice(route_of(notice.programme))


def takes_objections(shown: Shown) -> bool:
    """Tell whether an objection would be taken today, in time or filed as a hint."""
    return shown.is_running or rule_of(shown.notice).objections.late == "filed"


def objection_with_receipt(code: str) -> Objection:
    """Return the objection that a receipt code belongs to; NotFoundError for a code that is none."""
    one = Objection.objects.filter(receipt=receipt_of(code)).select_related("entry__notice").first()
    if one is None:
        raise NotFoundError(_("没有这个回执码。"), hint=_("请核对回执码的12个字母和数字。"))
    return one


def approved_for(user: User | AnonymousUser) -> QuerySet[Application]:
    """Return the approved applications that the person may publish, by place."""
    return _within(
        user, Permission.PUBLISH_NOTICES, Application.objects.filter(state=ApplicationState.APPROVED)
    )


def _within(
    user: User | AnonymousUser, permission: Permission, rows: QuerySet[Application]
) -> QuerySet[Application]:
    """Narrow applications to communities where the person has the permission, by today's boundaries."""
    within = Q(pk__in=[])
    for path in reach_of(user).paths(permission):
        within |= Q(path__startswith=path)
    places = versions_on(clock.today()).filter(within)
    return rows.filter(place__in=places.values("place")).select_related("place").order_by("place__code")


def open_objections_to(applications: Sequence[Application]) -> QuerySet[Objection]:
    """Return the objections to applications that have no answer yet."""
    return Objection.objects.filter(entry__application__in=applications, state__in=OPEN_OBJECTIONS)


@dataclass(frozen=True)
class Handled:
    """An objection as handlers see it in a list: masked; who said what is a click, and on the record."""

    objection: Objection
    name: str
    contact: str
    days_left: int | None


def objections_for(user: User | AnonymousUser, *, notice: Notice | None = None) -> QuerySet[Objection]:
    """Return the objections that the person handles, the oldest first; nobody else's are told to exist."""
    within = Q(pk__in=[])
    for path in reach_of(user).paths(Permission.HANDLE_OBJECTIONS):
        within |= Q(entry__path__startswith=path)
    rows = Objection.objects.filter(within).select_related("entry__notice", "decided_by")
    return rows if notice is None else rows.filter(entry__notice=notice)


def get_objection_for(user: User | AnonymousUser, number: int) -> Objection:
    """Return an objection that the person handles; NotFoundError for every other."""
    one = objections_for(user).filter(pk=number).first()
    if one is None:
        raise NotFoundError(_("没有找到这条异议。"), hint=_("请从异议列表打开。"))
    return one


def handled(objection: Objection, on: date) -> Handled:
    """Return an objection masked, and how many working days are left; None when it is closed."""
    told = opened(objection.sealed) if objection.sealed is not None else {}
    closed = objection.state not in {ObjectionState.RECEIVED, ObjectionState.ACCEPTED}
    left = None if closed else workdays.working_days_between(on, objection.due_on)
    return Handled(
        objection, masked(told["name"]) if told else "", masked(told["contact"]) if told else "", left
    )


def _names(places: set[int], day: date) -> dict[int, str]:
    rows = versions_on(day).filter(place__in=places)
    return {version.place_id: version.name for version in rows}
