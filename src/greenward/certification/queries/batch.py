"""Several applications moved in one step: which moves there are, which cases would go, and why others not."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import applications as access
from greenward.certification.models import Application, ApplicationMove
from greenward.certification.queries.applications import applications_for
from greenward.certification.queries.hindrances import check_nothing_hinders
from greenward.certification.queries.queue import Line, Wanted, levels_held, lines_of, queue_for
from greenward.certification.queries.route import route_of
from greenward.certification.states import MOVES, Move
from greenward.core.errors import GreenwardError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.programmes import queries as programmes
from greenward.territories.access import reach_of

VERBS = ("recommend", "take_up", "approve")
"""Moves made with several at once; whoever is sent back or turned down is told reasons of their own."""
MOST = 50


@dataclass(frozen=True)
class Prospect:
    """A chosen application: ``faults`` say what keeps it from being moved, none where it would go."""

    line: Line
    faults: Sequence[str] = field(default=())

    @property
    def goes(self) -> bool:
        """True where nothing stands against the move now."""
        return not self.faults


def moves_open(user: User | AnonymousUser) -> list[Move]:
    """Return the moves that the person's role makes with several at once, at a level where the route acts."""
    route = programmes.policy(programmes.current()).route
    if route is None:
        return []
    held, reach = levels_held(user), reach_of(user)
    acts = {route.act_of(step.id) for step in route.steps[1:] if step.level in held}
    return [MOVES[verb] for verb in VERBS if MOVES[verb].act in acts and reach.paths(MOVES[verb].permission)]


def check_may_move_several(user: User, move: Move) -> None:
    """Raise NotAllowedError where the person's role never makes this move."""
    if move not in moves_open(user):
        raise NotAllowedError(
            _("您的角色不能%(move)s。") % {"move": move.name},
            hint=_("请从申报列表查看您能办理的。"),
            permission=move.permission,
        )


def move_named(verb: str) -> Move:
    """Return a move that can be made with several at once; NotFoundError for every other."""
    if verb not in VERBS:
        raise NotFoundError(_("“%(verb)s”不能批量办理。") % {"verb": verb}, hint=_("请逐份办理。"), verb=verb)
    return MOVES[verb]


def chosen_for(user: User | AnonymousUser, numbers: Collection[int]) -> list[Application]:
    """Return the chosen applications by number; NotFoundError for one that is not the person's to see.

    InvalidInputError for none, or more than fit on a page of the queue.
    """
    if not 0 < len(numbers) <= MOST:
        raise InvalidInputError(
            _("选中了 %(n)d 份申报。") % {"n": len(numbers)},
            hint=_("请在列表中勾选 1 到 %(most)d 份，再预览。") % {"most": MOST},
            field="application",
        )
    found = list(applications_for(user).filter(pk__in=numbers).order_by("pk"))
    if len(found) != len(set(numbers)):
        raise NotFoundError(
            _("选中的申报有的不存在，或不在您的管辖范围内。"), hint=_("请从申报列表重新勾选。")
        )
    return found


def prospects_of(
    user: User,
    applications: Sequence[Application],
    verb: str,
    day: date,
    *,
    seen: Mapping[int, int] | None = None,
) -> list[Prospect]:
    """Return what a move would find with each application, by the same checks that the move makes.

    ``seen``: the versions that the person looked at, by number, where they were told.
    """
    move, moves, known = move_named(verb), _moves_of(applications), seen or {}
    return [
        Prospect(
            line,
            _faults(user, line, move, moves[line.application.pk], day, known.get(line.application.pk)),
        )
        for line in lines_of(applications)
    ]


def _moves_of(applications: Sequence[Application]) -> dict[int, list[ApplicationMove]]:
    found: defaultdict[int, list[ApplicationMove]] = defaultdict(list)
    for one in ApplicationMove.objects.filter(application__in=applications).select_related("by"):
        found[one.application_id].append(one)
    return found


def _faults(  # noqa: PLR0917 - what the move itself is told
    user: User, line: Line, move: Move, moves: Sequence[ApplicationMove], day: date, seen: int | None
) -> tuple[str, ...]:
    application, route = line.application, route_of(line.application.programme)
    try:
        access.check_is_seen(application, moves, seen)
        access.check_can_move(application, move, route, moves, by=user)
        access.check_may_move(user, move, application, route, line.place.path)
        check_nothing_hinders(application, move.verb, at_step=application.step, day=day)
    except GreenwardError as error:
        return told_by(error)
    return ()


def told_by(error: GreenwardError) -> tuple[str, ...]:
    """Return what a refusal says: what is wrong, and what to do."""
    return tuple(str(one) for one in (error.detail, error.hint) if one)


def waiting_for_move(user: User, verb: str) -> list[Application]:
    """Return the applications that wait for the person and stand where the move begins: at most 50.

    Those due first come first.
    """
    begins = sorted(move_named(verb).begins)
    return list(queue_for(user, Wanted(show="mine")).filter(state__in=begins)[:MOST])
