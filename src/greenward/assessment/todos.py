"""Judgings as to-dos: opinions asked of reviewers, decisions that wait for the district's lead."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.assessment import access
from greenward.assessment.queries.judging import Queued, Wanted, judgings_for, queued
from greenward.duties import todos
from greenward.duties.todos import Held, ToDo
from greenward.territories.access import reach_of
from greenward.territories.models import Level
from greenward.territories.queries import places_for
from greenward.territories.roles import ROLES, Permission

OPINION, DECISION = "judging-opinion", "judging-decision"
ABOVE_STREETS = 2
"""So many parts has a district's path: nobody below holds an office from which others' judging is seen."""


def opinion_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield a line for each row, last day and street that lacks opinions, this person's among them."""
    if reach_of(user).paths(Permission.JUDGE):
        asked = queued(user, list(judgings_for(user, Wanted(mine=True))))
        mine = [one for one in asked if access.may_judge(user, one.place.path)]
        yield from _by_street(user, on, mine, OPINION)


def decision_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield a line for each row, last day and street with enough opinions for this person to decide."""
    if reach_of(user).paths(Permission.DECIDE_JUDGEMENT):
        ready = queued(user, list(judgings_for(user, Wanted(ready=True))))
        mine = [one for one in ready if access.may_ask(user, one.place.path)]
        yield from _by_street(user, on, mine, DECISION)


def _by_street(user: User, on: date, found: list[Queued], kind: str) -> Iterator[ToDo]:
    groups: dict[tuple[int, str, date, str], list[Queued]] = defaultdict(list)
    for one in found:
        judging = one.judging
        groups[judging.pack_id, judging.number, judging.due_on, _above(one)].append(one)
    codes = {street for *_row, street in groups}
    streets = {v.place.code: v.short_name for v in places_for(user, on=on).filter(place__code__in=codes)}
    for (pack, number, due_on, street), ones in groups.items():
        yield ToDo(
            kind,
            key=f"{pack}:{number}:{street}:{due_on}",
            what=_what(kind) % {"number": number},
            where=_where(ones, streets.get(street, "")),
            url=_url(ones, kind, street),
            due_on=due_on,
            why=ones[0].judging.note,
            since=min(one.judging.asked_at for one in ones).date(),
            count=len(ones),
        )


def _above(one: Queued) -> str:
    """Return the code of the place right above a community: its street."""
    return one.place.path.rstrip("/").split("/")[-2]


def _what(kind: str) -> str:
    return _("评议 %(number)s：提出意见") if kind == OPINION else _("评议 %(number)s：作出裁定")


def _where(ones: list[Queued], street: str) -> str:
    return ones[0].place.short_name if len(ones) == 1 else street


def _url(ones: list[Queued], kind: str, street: str) -> str:
    """Return the case's page, or the queue narrowed to what waits."""
    first = ones[0].judging
    if len(ones) == 1:
        return reverse("assessment:judging", args=[first.pk])
    asked = {"number": first.number, "place": street, "mine" if kind == OPINION else "ready": "1"}
    return f"{reverse('assessment:judgings')}?{urlencode(asked)}"


def judgings_held(user: User, on: date) -> Iterator[Held]:
    """Yield by district what waits for other reviewers' opinions, and for somebody else to decide."""
    if not any(path.count("/") <= ABOVE_STREETS for path in reach_of(user).paths()):
        return
    lacking, ready = [], []
    for one in queued(user, list(judgings_for(user, Wanted()))):
        path = one.place.path
        if one.given < one.judging.needed:
            lacking += [one] if one.said or not access.may_judge(user, path) else []
        else:
            ready += [one] if one.said or not access.may_ask(user, path) else []
    yield from _by_district(lacking, OPINION, str(ROLES["reviewer"].name), _("提出评议意见"), on)
    yield from _by_district(ready, DECISION, str(Level.DISTRICT.label), _("裁定人工评议"), on)


def _by_district(found: list[Queued], kind: str, who: str, what: str, on: date) -> Iterator[Held]:
    districts: dict[str, list[Queued]] = defaultdict(list)
    for one in found:
        districts["/".join(one.place.path.split("/")[:2]) + "/"].append(one)
    for path, ones in districts.items():
        days = [one.judging.due_on for one in ones]
        url = f"{reverse('assessment:judgings')}?{urlencode({'place': path.split('/')[1]})}"
        yield Held(kind, path, who, what, url, len(ones), sum(day < on for day in days), min(days))


KINDS = (
    todos.Kind(
        OPINION,
        gettext_lazy("评议意见"),
        44,
        frozenset({Permission.JUDGE}),
        opinion_todos,
    ),
    todos.Kind(
        DECISION,
        gettext_lazy("评议裁定"),
        45,
        frozenset({Permission.DECIDE_JUDGEMENT}),
        decision_todos,
        judgings_held,
    ),
)
