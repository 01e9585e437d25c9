"""Applications that wait for somebody: to write, to recommend, to countersign, to review, to decide."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Application, ApplicationMove, Countersign, ReturnedItem, Seat
from greenward.certification.queries.applications import versions_of
from greenward.certification.queries.former import owed_anew
from greenward.certification.states import MOVES, WAITING, WITH_COMMUNITY, ApplicationState
from greenward.certification.todos.aftercare import concluding, rectifying
from greenward.certification.todos.words import (
    COUNTERSIGN,
    DECIDE,
    OPINE,
    RECOMMEND,
    WRITE,
    Stand,
    located,
    page,
    routes_for,
    seats_at,
    stands,
    why,
    within,
)
from greenward.duties.access import is_one_hand
from greenward.duties.todos import ToDo
from greenward.packs.schema.route import Act, Step
from greenward.territories.access import reach_of
from greenward.territories.roles import Permission

S, P = ApplicationState, Permission


def writing(user: User, on: date) -> Iterator[ToDo]:
    """Yield the drafts and returned applications of one's own community, and what it must put right."""
    seats = seats_at(user, P.APPLY, "community")
    if not seats:
        return
    found = stands(located(on).filter(within(seats), state__in=sorted(WITH_COMMUNITY)))
    numbers = _open_items([one.pk for one in found])
    for one in found:
        number = numbers.get(one.pk, 0)
        returned = one.state == S.RETURNED
        yield _todo(
            WRITE,
            one,
            _("答复退回的申报") if returned else _("写完并提交申报"),
            "returned" if number else "write",
            _("%(n)d 项被退回") % {"n": number} if number else "",
            number,
        )
    yield from _anew(seats, on)
    yield from rectifying(user, on)


def _anew(seats: Collection[str], on: date) -> Iterator[ToDo]:
    """Yield one's own community where it follows one whose application ended, and may apply anew."""
    seen: set[int] = set()
    found = owed_anew(on, within(seats)).values_list("heir", "pk", "moved_at", "name", "path")
    for heir, key, moved_at, name, path in sorted(found):
        if heir not in seen:
            yield ToDo(
                WRITE,
                key=f"anew:{key}:{heir}",
                what=_("重新申报"),
                where=name,
                url=reverse("certification:apply", args=[path.rstrip("/").rpartition("/")[2]]),
                why=_("原申报随社区调整终止，已写的内容会带过来"),
                since=timezone.localdate(moved_at),
            )
        seen.add(heir)


def _open_items(applications: Collection[int]) -> dict[int, int]:
    if not applications:
        return {}
    rows = ReturnedItem.objects.filter(application__in=applications, answered_at=None).order_by()
    return dict(rows.values_list("application").annotate(n=Count("pk")))


def recommending(user: User, on: date) -> Iterator[ToDo]:
    """Yield what one's own office checks on the spot and recommends, each with its last day."""
    for one, step in _at_steps(user, on, "recommend", P.RECOMMEND, WAITING):
        yield _todo(RECOMMEND, one, _("核查并推荐申报"), "move-recommend", why(step))


def deciding(user: User, on: date) -> Iterator[ToDo]:
    """Yield what one's own office takes up, decides and names; not what a colleague must decide."""
    found = _at_steps(user, on, "decide", P.DECIDE_APPLICATION, WAITING | {S.IN_REVIEW})
    reviewed = [one.pk for one, _step in found if one.state == S.IN_REVIEW]
    apart, missing = _apart(user, reviewed), _missing(reviewed, on)
    for one, step in found:
        if one.state != S.IN_REVIEW:
            yield _todo(DECIDE, one, _("受理申报"), "move-take_up", why(step))
        elif one.pk not in apart:
            waits = _("会签或评审意见还没有到齐") if one.pk in missing else ""
            reason = " · ".join(part for part in (why(step), waits) if part)
            yield _todo(DECIDE, one, _("审核申报"), "move-approve", reason)
    yield from concluding(user, on)


def left_to_colleagues(user: User, on: date) -> list[Stand]:
    """Return what one's own office decides and one may not: one had a hand in it before."""
    found = [one for one, _step in _at_steps(user, on, "decide", P.DECIDE_APPLICATION, {S.IN_REVIEW})]
    apart = _apart(user, [one.pk for one in found])
    return [one for one in found if one.pk in apart]


def _at_steps(
    user: User, on: date, act: Act, permission: Permission, states: Collection[ApplicationState]
) -> list[tuple[Stand, Step]]:
    """Return the applications at steps of one's own office, those due first. Two queries at most."""
    if not reach_of(user).paths(permission):
        return []
    steps, here = {}, Q(pk__in=[])
    for programme, (_pack, route) in routes_for(user, on).items():
        for step in route.steps:
            seats = seats_at(user, permission, step.level)
            if route.act_of(step.id) == act and seats:
                steps[programme, step.id] = step
                here |= Q(programme=programme, step=step.id) & within(seats)
    if not steps:
        return []
    found = stands(located(on).filter(here, state__in=sorted(states)))
    return [(one, steps[one.programme, one.step]) for one in found]


def _apart(user: User, reviewed: Collection[int]) -> set[int]:
    """Return the applications that the person may not decide: who recommends does not decide."""
    if not reviewed:
        return set()
    acts = defaultdict(list)
    verbs = sorted(MOVES["approve"].apart_from)
    rows = ApplicationMove.objects.filter(application__in=reviewed, verb__in=verbs).order_by()
    for key, who, when in rows.values_list("application", "by", "at"):
        acts[key].append((who, when))
    return {key for key, made in acts.items() if is_one_hand(user, made)}


def _missing(reviewed: Collection[int], on: date) -> set[int]:
    """Return the applications of which departments or reviewers may still speak and have not."""
    if not reviewed:
        return set()
    silent = Countersign.objects.filter(snapshot__application=OuterRef("pk"), said="", due_on__gte=on)
    seats = Seat.objects.filter(application=OuterRef("pk"), vacated_at=None, done_at=None, due_on__gte=on)
    found = Application.objects.filter(Exists(silent) | Exists(seats), pk__in=reviewed)
    return set(found.values_list("pk", flat=True))


def countersigning(user: User, on: date) -> Iterator[ToDo]:
    """Yield the applications about whose items one's own department is asked and has said nothing."""
    own = Q(pk__in=[])
    seats = [one for one in reach_of(user).grants if one.department and P.COUNTERSIGN in one.permissions]
    for grant in seats:
        own |= Q(department=grant.department, path__startswith=grant.path)
    if not seats:
        return
    asked = defaultdict(list)
    fields = ("application", "department", "item", "due_on", "asked_at", "name", "pk")
    for application, *row in (
        silent_countersigns(on).filter(own).order_by("due_on", "pk").values_list(*fields)
    ):
        asked[application, row[0]].append(row)
    for (application, department), rows in asked.items():
        _department, _item, due_on, asked_at, name, _pk = rows[0]
        yield ToDo(
            COUNTERSIGN,
            key=f"{application}:{department}:{max(row[-1] for row in rows)}",
            what=_("会签申报"),
            where=name,
            url=page(application, "countersign"),
            due_on=due_on,
            why=_("第%(items)s项；不答复不算同意") % {"items": "、".join(row[1] for row in rows)},
            since=timezone.localdate(asked_at),
        )


def silent_countersigns(on: date) -> QuerySet[Any, Any]:
    """Return what departments are asked now and have not answered: ``application``, ``path``, ``name``."""
    later = Countersign.objects.filter(
        snapshot__application=OuterRef("snapshot__application"),
        department=OuterRef("department"),
        item=OuterRef("item"),
        snapshot__number__gt=OuterRef("snapshot__number"),
    )
    asked: QuerySet[Any, Any] = Countersign.objects.filter(
        ~Exists(later),
        said="",
        snapshot__application__state=S.IN_REVIEW,
        snapshot__application__place__versions__during__contains=on,
    )
    found: QuerySet[Any, Any] = asked.annotate(
        application=F("snapshot__application"),
        programme=F("snapshot__application__programme"),
        path=F("snapshot__application__place__versions__path"),
        name=F("snapshot__application__place__versions__short_name"),
    )
    return found


def opining(user: User, on: date) -> Iterator[ToDo]:
    """Yield the applications for which the person was drawn as reviewer and has given no opinion."""
    del on  # a seat waits whatever the day
    if not reach_of(user).paths(P.REVIEW):
        return
    waiting = Seat.objects.filter(
        user=user, vacated_at=None, done_at=None, application__state=S.IN_REVIEW
    ).select_related("application")
    seats = list(waiting.defer("application__narrative").order_by("due_on", "pk"))
    places = versions_of({one.application.place_id for one in seats}) if seats else {}
    for one in seats:
        yield ToDo(
            OPINE,
            key=f"{one.pk}:{one.due_on}",
            what=_("提出评审意见"),
            where=places[one.application.place_id].short_name,
            url=page(one.application_id, "opinions"),
            due_on=one.due_on,
            why=_("您被抽中为评审专家"),
            since=timezone.localdate(one.seated_at),
        )


def _todo(  # noqa: PLR0917 - one line of the list
    kind: str, one: Stand, what: str, anchor: str, reason: str, count: int = 1
) -> ToDo:
    moved_on = timezone.localdate(one.moved_at)
    return ToDo(
        kind,
        key=f"{one.pk}:{one.state}:{moved_on}",
        what=what,
        where=one.name,
        url=page(one.pk, anchor),
        due_on=one.due_on,
        why=reason,
        since=moved_on,
        count=max(1, count),
    )
