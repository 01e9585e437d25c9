"""What must happen before an application may be recommended or decided: visits, countersigns, opinions."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from greenward.certification.models import Application, Countersign, Seat
from greenward.certification.queries.route import route_of
from greenward.certification.queries.snapshots import latest
from greenward.core.errors import ConflictError
from greenward.packs.schema.route import Route
from greenward.programmes import queries as programmes

WANT_VISIT = frozenset({"recommend", "approve"})
WANT_OTHERS = frozenset({"approve", "refuse"})


@dataclass(frozen=True)
class Hindrance:
    """Something that is not done yet, in words, and who holds it."""

    code: str
    text: str
    holder: str


def hindrances_of(
    application: Application, verb: str, *, at_step: str, day: date, route: Route | None = None
) -> list[Hindrance]:
    """Return what keeps a move from being made on the day.

    Departments and reviewers are waited for until their term is over; then their silence stands as silence.
    """
    way = route or route_of(application.programme)
    found: list[Hindrance] = []
    if verb in WANT_VISIT and wants_visit(application, way, at_step) and not has_visit(application, at_step):
        found.append(Hindrance("visit", _("还没有现场核查。"), str(way.step(at_step).title)))
    if verb in WANT_OTHERS:
        named = programmes.policy(application.programme).department_by_slug
        found += [
            Hindrance(
                "countersign",
                _("第%(item)s项等%(who)s会签，期限 %(day)s。")
                % {
                    "item": one.item,
                    "who": named.get(one.department, one.department),
                    "day": one.due_on.isoformat(),
                },
                one.department,
            )
            for one in countersigns_of(application)
            if not one.said and one.due_on >= day
        ]
        found += [
            Hindrance(
                "opinion",
                _("等%(who)s的评审意见，期限 %(day)s。") % {"who": one.user, "day": one.due_on.isoformat()},
                str(one.user),
            )
            for one in seats_of(application)
            if one.done_at is None and one.due_on >= day
        ]
    return found


def check_nothing_hinders(application: Application, verb: str, *, at_step: str, day: date) -> None:
    """Raise ConflictError naming everything that is not done yet."""
    found = hindrances_of(application, verb, at_step=at_step, day=day)
    if found:
        raise ConflictError(
            _("还不能办理：%(what)s") % {"what": " ".join(one.text for one in found[:5])},
            hint=_("办完或过了期限后再办理。"),
            waiting=[{"code": one.code, "text": one.text, "holder": one.holder} for one in found],
        )


def wants_visit(application: Application, route: Route, step: str) -> bool:
    """Tell whether the step must look at this community on the spot: all of them, or those drawn."""
    visits = route.step(step).visits
    if visits is None or visits.share == 0:
        return False
    if visits.share == 1:
        return True
    return any(
        step in draw.drawn for draw in application.draws.all() if draw.purpose == "visit" and step in draw.pot
    )


def has_visit(application: Application, step: str) -> bool:
    """Tell whether the step visited since the application was last handed in."""
    snapshot = latest(application)
    since = {"at__gte": snapshot.at} if snapshot is not None else {}
    return application.visits.filter(step=step, **since).exists()


def countersigns_of(application: Application) -> list[Countersign]:
    """Return the newest asking of every department and item, in the order of asking."""
    rows = (
        Countersign.objects.filter(snapshot__application=application)
        .select_related("by", "snapshot")
        .order_by("snapshot__number", "id")
    )
    return list({(one.department, one.item): one for one in rows}.values())


def seats_of(application: Application) -> list[Seat]:
    """Return the reviewers who sit on the panel, with their opinions."""
    held = application.seats.filter(vacated_at=None).select_related("user")
    return list(held.prefetch_related("opinions__snapshot"))
