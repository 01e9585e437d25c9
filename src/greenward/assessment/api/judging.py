"""``/api/v1/judgings``: what people judge within reach; asking, opinions, decisions, taking back."""

from django.http import HttpRequest
from ninja import Query, Router, Status

from greenward.accounts.api.callers import person_of
from greenward.assessment import access, actions
from greenward.assessment.api.judging_schemas import (
    AskIn,
    DecisionIn,
    JudgingOut,
    JudgingsAsked,
    JudgingsAskedOut,
    JudgingsOut,
    OpinionIn,
    QueuedOut,
    TakeBackIn,
)
from greenward.assessment.queries import judging as reading
from greenward.core import clock
from greenward.programmes import queries as programmes
from greenward.territories.queries import get_place_for

router = Router(tags=["judging"])


@router.get("/judgings", response=JudgingsOut, summary="What people judge")
def judgings(request: HttpRequest, asked: Query[JudgingsAsked]) -> JudgingsOut:
    """List judgings within reach, what is due first at the top: of a state, a row of the standard, a place.

    ``mine``: those that lack the caller's opinion; ``ready``: those with enough opinions for a decision.
    """
    wanted = reading.Wanted(
        state="" if asked.state == "all" else asked.state,
        number=asked.number,
        under=get_place_for(request.user, asked.place).path if asked.place else "",
        mine=asked.mine,
        ready=asked.ready,
    )
    found = reading.judgings_for(request.user, wanted)
    page = list(found[asked.offset : asked.offset + asked.limit])
    return JudgingsOut(
        count=found.count(), items=[QueuedOut.of(one) for one in reading.queued(request.user, page)]
    )


@router.post("/judgings", response={201: JudgingsAskedOut}, summary="Ask people to judge")
def ask_judgings(request: HttpRequest, sent: AskIn) -> Status[JudgingsAskedOut]:
    """Ask for opinions on a row of the standard in force, at the urban communities below a place.

    What is being judged or was decided already is not asked again: ``known`` counts it.
    """
    person = person_of(request)
    under = get_place_for(person, sent.under)
    access.check_may_ask(person, under.path)
    places = reading.asked_places(under, sent.codes)
    made = actions.ask(
        sent.number,
        places,
        pack=programmes.current(clock.today()).pack,
        under=under,
        due_on=sent.due_on,
        needed=sent.needed,
        note=sent.note,
        by=person,
        at=clock.now(),
    )
    return Status(201, JudgingsAskedOut(made=[one.pk for one in made], known=len(places) - len(made)))


@router.get("/judgings/{number}", response=JudgingOut, summary="One judging")
def judging(request: HttpRequest, number: int) -> JudgingOut:
    """Give a judging with its decisions; others' opinions only after one's own, or to who decides."""
    return JudgingOut.of(reading.case_for(person_of(request), number))


@router.post("/judgings/{number}/opinions", response={201: JudgingOut}, summary="Give an opinion")
def opine_judging(request: HttpRequest, number: int, sent: OpinionIn) -> Status[JudgingOut]:
    """Give an opinion with its reason, or a new version of one's own (``seen``: the newest version seen)."""
    person = person_of(request)
    found, place = reading.get_judging_for(person, number)
    actions.opine(found, place, sent.answer, seen=sent.seen, by=person, at=clock.now())
    return Status(201, JudgingOut.of(reading.case_for(person, number)))


@router.post("/judgings/{number}/decisions", response={201: JudgingOut}, summary="Decide")
def decide_judging(request: HttpRequest, number: int, sent: DecisionIn) -> Status[JudgingOut]:
    """Decide with the opinions at hand (``seen``: the judging's version)."""
    person = person_of(request)
    found, place = reading.get_judging_for(person, number)
    actions.decide(
        found,
        place,
        sent.answer,
        seen=sent.seen,
        observed_on=sent.observed_on,
        by=person,
        at=clock.now(),
    )
    return Status(201, JudgingOut.of(reading.case_for(person, number)))


@router.post("/judgings/{number}/reopening", response=JudgingOut, summary="Take a decision back")
def reopen_judging(request: HttpRequest, number: int, sent: TakeBackIn) -> JudgingOut:
    """Take the decision back with a reason: it is no fact any more, and opinions may be changed."""
    person = person_of(request)
    found, place = reading.get_judging_for(person, number)
    actions.reopen(found, place, sent.reason, seen=sent.seen, by=person, at=clock.now())
    return JudgingOut.of(reading.case_for(person, number))


@router.post("/judgings/{number}/withdrawal", response=JudgingOut, summary="Ask no longer")
def withdraw_judging(request: HttpRequest, number: int, sent: TakeBackIn) -> JudgingOut:
    """Ask no longer, with a reason; what was said is kept."""
    person = person_of(request)
    found, place = reading.get_judging_for(person, number)
    actions.withdraw(found, place, sent.reason, seen=sent.seen, by=person, at=clock.now())
    return JudgingOut.of(reading.case_for(person, number))
