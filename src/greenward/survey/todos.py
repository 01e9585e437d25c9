"""The survey as to-dos: forms to fill, cases to check and accept, what was sent back, doubtful figures."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.duties import todos
from greenward.duties.todos import Held, ToDo
from greenward.survey.models import Case, Round
from greenward.survey.queries.notices import corrected_for, notices_for
from greenward.survey.queries.quality import findings
from greenward.survey.queries.rounds import current_round
from greenward.survey.queries.standings import Standing, standings_for
from greenward.survey.states import MUST_ACT, CaseState
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import places_for, urban_communities
from greenward.territories.roles import Permission

COMMUNITY = 4
"""So many parts has a community's path: nobody below it holds anything."""
FILL, CHECK, LOOK = "survey-fill", "survey-check", "survey-doubts"
REVIEWED = {
    CaseState.SUBMITTED: (Permission.CHECK_SURVEY, gettext_lazy("核对摸底")),
    CaseState.CHECKED: (Permission.ACCEPT_SURVEY, gettext_lazy("核验摸底")),
}


def fill_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield what one's own communities must fill in or put right in the current round."""
    homes = _communities(user, on)
    notices = notices_for(user) if homes else None
    if notices is None or notices.survey_round.closed_at is not None:
        return
    held = notices.survey_round
    moved = {one.place_id: one for one in Case.objects.filter(round=held, place__in=list(homes))}
    due = set(
        urban_communities(held.reference_on).filter(place__in=list(homes)).values_list("place", flat=True)
    )
    notes = {one.place_id: one.note for one in notices.reminders}
    numbers = {code: number for code, _name, number in notices.returned_at}
    for place in homes.values():
        case, code = moved.get(place.place_id), place.place.code
        if case is not None and case.state == CaseState.RETURNED:
            yield _put_right(held, place, case, numbers.get(code, 0))
        elif place.place_id in due and (case is None or case.state == CaseState.FILLING):
            yield _fill(held, place, notes.get(place.place_id))


@todos.once
def _round(_user: User, on: date) -> Round | None:
    return current_round(on)


@todos.once
def _standings(user: User, on: date) -> list[Standing]:
    held = _round(user, on)
    return standings_for(user, held) if held is not None else []


@todos.once
def _communities(user: User, on: date) -> dict[int, PlaceVersion]:
    seats = reach_of(user).seats(Permission.SURVEY)
    if not seats:
        return {}
    found = places_for(user, on=on).filter(path__in=seats, place__level=Level.COMMUNITY)
    return {one.place_id: one for one in found.order_by("path")}


def _fill(held: Round, place: PlaceVersion, note: str | None) -> ToDo:
    code = place.place.code
    reminded = _("上级提醒：请填完并提交。%(note)s") % {"note": note} if note is not None else ""
    return ToDo(
        FILL,
        key=f"{held.code}:{code}:fill",
        what=_("填报并提交%(round)s") % {"round": held.title},
        where=place.short_name,
        url=reverse("survey:form", args=[held.code, code]),
        due_on=held.closes_on,
        why=reminded.strip(),
        since=held.opens_on,
    )


def _put_right(held: Round, place: PlaceVersion, case: Case, number: int) -> ToDo:
    code = place.place.code
    return ToDo(
        FILL,
        key=f"{held.code}:{code}:returned:{case.moved_at:%Y-%m-%d}",
        what=_("补正被退回的摸底数据"),
        where=place.short_name,
        url=f"{reverse('survey:case', args=[held.code, code])}#returned",
        due_on=held.closes_on,
        why=held.title,
        since=case.moved_at.date(),
        count=max(1, number),
    )


def check_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield a line for each office of one's own where communities wait to be checked or accepted."""
    held, reach = _round(user, on), reach_of(user)
    seats = {state: reach.seats(permission) for state, (permission, _name) in REVIEWED.items()}
    if held is None or not any(seats.values()):
        return
    waiting: dict[tuple[CaseState, str], list[Standing]] = defaultdict(list)
    for one in _standings(user, on):
        if one.state in REVIEWED and (at := _holder(one)) in seats[one.state]:
            waiting[one.state, at].append(one)
    paths = {path for _state, path in waiting}
    names = {one.path: one for one in places_for(user, on=on).filter(path__in=paths)}
    for (state, path), ones in sorted(waiting.items()):
        if path in names:
            yield _review(held, names[path], state, ones)
    yield from _corrected(user, held)


def _review(held: Round, place: PlaceVersion, state: CaseState, ones: list[Standing]) -> ToDo:
    newest = max(one.newest for one in ones)
    return ToDo(
        CHECK,
        key=f"{held.code}:{place.place.code}:{state}:{newest}",
        what=str(REVIEWED[state][1]),
        where=place.short_name,
        url=_queue(held, state, place.place.code),
        why=held.title,
        since=min(one.oldest for one in ones),
        count=sum(one.number for one in ones),
    )


def _corrected(user: User, held: Round) -> Iterator[ToDo]:
    for one in corrected_for(user, held):
        yield ToDo(
            CHECK,
            key=f"{held.code}:{one.community}:corrected:{one.entries}",
            what=_("看看您核对或核验之后的更正"),
            where=one.name,
            url=f"{reverse('survey:case', args=[held.code, one.community])}#timeline",
            count=one.entries,
        )


def cases_held(user: User, on: date) -> Iterator[Held]:
    """Yield where the communities of the current round wait for others: by street, state and level."""
    held, reach = _round(user, on), reach_of(user)
    if held is None or not any(path.count("/") < COMMUNITY for path in reach.paths()):
        return
    seats = {state: reach.seats(permission) for state, (permission, _name) in REVIEWED.items()}
    words = {state: (_who(state), str(state.label), _queue(held, state)) for state in CaseState}
    for one in _standings(user, on):
        level = MUST_ACT[one.state]
        mine = one.state in REVIEWED and _holder(one) in seats[one.state]
        if level is None or mine or (level == Level.COMMUNITY and held.closed_at is not None):
            continue
        late = level == Level.COMMUNITY and held.closes_on < on
        yield Held(
            CHECK,
            _holder(one),
            *words[one.state],
            one.number,
            one.number if late else 0,
            held.closes_on if level == Level.COMMUNITY else None,
        )


def _who(state: CaseState) -> str:
    level = MUST_ACT[state]
    return "" if level is None else str(level.label)


def _holder(one: Standing) -> str:
    """Return the path of who must act: the district's for what it must accept, else the street's."""
    return one.district if MUST_ACT[one.state] == Level.DISTRICT else one.path


def _queue(held: Round, state: CaseState, under: str = "") -> str:
    asked = {"state": state.value, **({"place": under} if under else {})}
    return f"{reverse('survey:cases', args=[held.code])}?{urlencode(asked)}"


def doubt_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield how many figures of one's own communities look doubtful and have no reason yet."""
    homes = _communities(user, on)
    held = _round(user, on) if homes else None
    if held is None or held.closed_at is not None:
        return
    for place in homes.values():
        number = findings(held, place.path, on).unsettled
        if number:
            yield ToDo(
                LOOK,
                key=f"{held.code}:{place.place.code}:{number}",
                what=_("核实可疑数据"),
                where=place.short_name,
                url=f"{reverse('survey:quality', args=[held.code])}?place={place.place.code}",
                why=_("数据对不上或明显不同，请改正或说明理由"),
                count=number,
            )


KINDS = (
    todos.Kind(FILL, gettext_lazy("摸底填报"), 20, frozenset({Permission.SURVEY}), fill_todos),
    todos.Kind(
        CHECK,
        gettext_lazy("摸底核对"),
        25,
        frozenset({Permission.CHECK_SURVEY, Permission.ACCEPT_SURVEY}),
        check_todos,
        cases_held,
    ),
    todos.Kind(LOOK, gettext_lazy("数据质量"), 30, frozenset({Permission.SURVEY}), doubt_todos),
)
