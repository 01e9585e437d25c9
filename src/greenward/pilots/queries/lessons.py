"""Lessons that a person may read, and which of them help a community."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.queries.picture import picture
from greenward.core.errors import NotFoundError
from greenward.packs.schema.pack import Pack
from greenward.pilots import access
from greenward.pilots.models import Lesson
from greenward.pilots.states import Age
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import versions_on


@dataclass(frozen=True)
class Shown:
    """A lesson with where it comes from, and why it may help (empty: found by the search)."""

    lesson: Lesson
    place: PlaceVersion | None
    why: str
    may_share: bool


def lessons_for(user: User | AnonymousUser, programme: Programme, on: date) -> QuerySet[Lesson]:
    """Return the lessons of the districts that the person works in or above, and those the city shared."""
    within = Q(pk__in=[])
    for path in access.districts_of(user):
        within |= Q(path__startswith=path)
    here = versions_on(on).filter(within, place=OuterRef("place"))
    if not access.districts_of(user):
        return Lesson.objects.none()
    found = Lesson.objects.filter(Q(shared_at__isnull=False) | Exists(here), programme=programme)
    return found.select_related("place", "by", "shared_by").order_by("-id")


def get_lesson_for(user: User | AnonymousUser, programme: Programme, number: int, on: date) -> Lesson:
    """Return a lesson; NotFoundError where the person may not read it."""
    lesson = lessons_for(user, programme, on).filter(pk=number).first()
    if lesson is None:
        raise NotFoundError(_("没有这条经验。"), hint=_("请从列表中选择。"))
    return lesson


def search(lessons: QuerySet[Lesson], *, text: str = "", item: str = "", age: str = "") -> QuerySet[Lesson]:
    """Narrow to what is written, an item, and a kind of community (lessons for any kind stay)."""
    for word in text.split()[:5]:
        anywhere = Q(pk__in=[])
        for name in ("title", "problem", "practice", "effect", "applies"):
            anywhere |= Q(**{f"{name}__icontains": word})
        lessons = lessons.filter(anywhere)
    if item:
        lessons = lessons.filter(item=item)
    if age in {Age.OLD, Age.NEW}:
        lessons = lessons.filter(age__in=[age, Age.ANY])
    return lessons


def lacking_at(place: PlaceVersion, pack: Pack, on: date) -> list[str]:
    """Return the numbers of the items that the community does not meet or does not know."""
    frame = picture(on)
    row = frame.filter(frame["place"] == place.place_id)
    statuses = (row["statuses"][0] or "") if row.height else ""
    return [
        item.id for item, letter in zip(pack.standard.items, statuses, strict=False) if letter in {"U", "?"}
    ]


def shown_of(
    user: User | AnonymousUser, lessons: Iterable[Lesson], on: date, *, helps: Iterable[str] = ()
) -> list[Shown]:
    """Return lessons with their places; those that help with ``helps`` (items) come first."""
    kept = list(lessons)
    versions = {v.place_id: v for v in versions_on(on).filter(place__in=[one.place_id for one in kept])}
    wanted = set(helps)
    rows = [
        Shown(
            one,
            version,
            _("本社区第%(item)s条还没有达到") % {"item": one.item} if one.item in wanted else "",
            version is not None and one.shared_at is None and access.may_share(user, version.path),
        )
        for one in kept
        for version in [versions.get(one.place_id)]
    ]
    return sorted(rows, key=lambda row: not row.why)


def policy_on(on: date) -> tuple[Programme, Pack]:
    """Return the programme in force on the day and its policy."""
    programme = programmes.current(on)
    return programme, programmes.policy(programme)
