"""Judgements by people: opinions without anchoring, decisions as facts, taking back, and who may not."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import Error, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from greenward.accounts.models import User
from greenward.assessment import actions, queries
from greenward.assessment.actions import Answer
from greenward.assessment.models import Decision, Judging, Opinion
from greenward.assessment.queries import judging as reading
from greenward.assessment.queries.questions import question_of, questions_of
from greenward.assessment.states import JudgingState, diagram
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.models import AuditEntry
from greenward.packs import queries as packs
from greenward.survey.sensitivity import EVERYTHING
from tests.assessment.conftest import AS_OF, City, somebody
from tests.factories import territories
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND, STREET, TOWN_COMMUNITY

GRADED, PLAIN = "B2.2", "1.1"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "judging-case.md"


@pytest.fixture(autouse=True)
def _today(settings: Settings) -> None:
    settings.GREENWARD_TODAY = AS_OF


def asked(city: City, number: str = GRADED, *codes: str, needed: int = 2, by: User | None = None) -> Judging:
    places = [city.version(code) for code in codes or (COMMUNITY,)]
    made = actions.ask(
        number,
        places,
        pack=city.programme.pack,
        under=city.version(DISTRICT),
        due_on=AS_OF + timedelta(days=7),
        needed=needed,
        by=by,
        at=clock.now(),
    )
    return made[0]


def opine(city: City, judging: Judging, by: User, points: str = "-1", seen: int = 0) -> Opinion:
    answer = Answer("现场看过", points=Decimal(points))
    return actions.opine(judging, city.version(COMMUNITY), answer, seen=seen, by=by, at=clock.now())


def decide(city: City, judging: Judging, by: User | None, points: str, on: date = AS_OF) -> Decision:
    judging.refresh_from_db()
    return actions.decide(
        judging,
        city.version(COMMUNITY),
        Answer("按两位意见折中", points=Decimal(points)),
        seen=judging.version,
        observed_on=on,
        by=by,
        at=clock.now(),
    )


def status(city: City, as_of: date = AS_OF) -> dict[str, str]:
    found = queries.assessment_of(city.version(COMMUNITY), as_of, sight=EVERYTHING)
    item = next(one for one in found.supplements if one.id == "B2")
    return {each.indicator.id: str(each.status) for each in item.outcome.indicators}


def test_a_standard_says_which_rows_take_a_judgement(city: City) -> None:
    pack = packs.pack(city.programme.pack)
    graded = question_of(pack, GRADED)
    assert (graded.key, graded.ends) == ("green_care", (Decimal(-5), Decimal(0)))
    assert question_of(pack, PLAIN).fact is None
    assert questions_of(pack)[0].number == GRADED
    with pytest.raises(NotFoundError):
        question_of(pack, "99")


def test_asking_skips_what_is_asked_already(city: City, lead: User) -> None:
    asked(city, GRADED, COMMUNITY, by=lead)
    again = actions.ask(
        GRADED,
        [city.version(COMMUNITY), city.version(SECOND)],
        pack=city.programme.pack,
        under=city.version(STREET),
        due_on=AS_OF,
        needed=1,
        by=lead,
        at=clock.now(),
    )
    assert [one.place.code for one in again] == [SECOND]


def test_nobody_sees_others_before_saying_something(
    city: City, reviewer: User, second: User, lead: User
) -> None:
    judging = asked(city)
    opine(city, judging, reviewer, "-1")
    blind = reading.case_for(second, judging.pk)
    assert (blind.given, blind.opinions, blind.spread) == (1, None, None)
    opine(city, judging, second, "-4")
    for person in (reviewer, second, lead):
        spread = reading.case_for(person, judging.pk).spread
        assert spread is not None
        assert (spread.least, spread.most, spread.mean) == (Decimal(-4), Decimal(-1), Decimal("-2.5"))
    assert reading.case_for(somebody("clerk", "street_clerk", STREET), judging.pk).opinions is None


def test_a_changed_opinion_is_a_new_version(city: City, reviewer: User) -> None:
    judging = asked(city)
    opine(city, judging, reviewer, "-1")
    opine(city, judging, reviewer, "-3", seen=1)
    assert [one.points for one in reading.latest_opinions(judging)] == [Decimal(-3)]
    assert judging.opinions.count() == 2
    with pytest.raises(ConflictError):
        opine(city, judging, reviewer, "-2", seen=1)
    assert judging.opinions.count() == 2


def test_a_decision_becomes_a_fact_and_a_reopening_takes_it_back(
    city: City, reviewer: User, second: User, lead: User
) -> None:
    city.meet(COMMUNITY)
    judging = asked(city)
    opine(city, judging, reviewer, "-1")
    opine(city, judging, second, "-4")
    assert status(city) == {"B2.1": "met", "B2.2": "unknown"}
    decide(city, judging, lead, "-3")
    assert status(city) == {"B2.1": "met", "B2.2": "unmet"}
    found = queries.assessment_of(city.version(COMMUNITY), AS_OF, sight=EVERYTHING)
    known = found.known["green_care_deduction"]
    assert (known.value, known.on) == (-3.0, AS_OF)
    assert "按两位意见折中" in known.source
    judging.refresh_from_db()
    place = city.version(COMMUNITY)
    actions.reopen(judging, place, "照片有误", seen=judging.version, by=lead, at=clock.now())
    assert status(city) == {"B2.1": "met", "B2.2": "unknown"}
    decide(city, judging, lead, "-1")
    assert status(city)["B2.2"] == "met"


def test_an_old_decision_is_no_longer_known_and_says_so(city: City, lead: User, reviewer: User) -> None:
    city.meet(COMMUNITY)
    judging = asked(city, needed=1)
    opine(city, judging, reviewer)
    decide(city, judging, lead, "-1", on=date(2021, 9, 15))
    assert status(city)["B2.2"] == "met"
    later = AS_OF + timedelta(days=1)
    found = queries.assessment_of(city.version(COMMUNITY), later, sight=EVERYTHING)
    known = found.known["green_care_deduction"]
    assert (known.value, known.expired, known.until, known.on) == (None, -1.0, AS_OF, date(2021, 9, 15))
    assert status(city, later)["B2.2"] == "unknown"


def test_who_gave_an_opinion_cannot_decide(city: City, reviewer: User, lead: User) -> None:
    judging = asked(city, needed=1)
    opine(city, judging, reviewer)
    territories.appoint(reviewer, "district_lead", DISTRICT)
    with pytest.raises(NotAllowedError):
        decide(city, judging, reviewer, "-1")
    assert not Decision.objects.exists()
    with pytest.raises(Error, match="cannot decide"), transaction.atomic():
        Decision.objects.create(
            judging=judging, points=1, reason="x", observed_on=AS_OF, office="x", by=reviewer, at=clock.now()
        )


def test_who_works_there_or_decides_there_does_not_judge(city: City, lead: User) -> None:
    judging = asked(city)
    own = somebody("own", "reviewer")
    territories.appoint(own, "community_worker", COMMUNITY)
    entries = AuditEntry.objects.count()
    for person in (own, lead, somebody("far", "reviewer", OTHER_DISTRICT)):
        with pytest.raises(NotAllowedError):
            opine(city, judging, person)
    assert (Opinion.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_strangers_find_no_judging(city: City) -> None:
    judging = asked(city)
    for person in (territories.person("stranger"), somebody("far", "reviewer", OTHER_DISTRICT)):
        with pytest.raises(NotFoundError):
            reading.case_for(person, judging.pk)
        assert not list(reading.judgings_for(person, reading.Wanted()))


def test_what_does_not_fit_is_refused(city: City, reviewer: User, lead: User) -> None:
    judging = asked(city)
    place, now = city.version(COMMUNITY), clock.now()
    for answer in (
        Answer("x"),
        Answer("x", points=Decimal(-6)),
        Answer(" ", points=Decimal(-1)),
        Answer("x", True),
    ):
        with pytest.raises(InvalidInputError):
            actions.opine(judging, place, answer, seen=0, by=reviewer, at=now)
    with pytest.raises(InvalidInputError, match="材料"):
        actions.opine(
            judging, place, Answer("x", points=Decimal(-1), evidence=(7,)), seen=0, by=reviewer, at=now
        )
    with pytest.raises(ConflictError, match="还不够"):
        decide(city, judging, lead, "-1")
    with pytest.raises(InvalidInputError):
        asked(city, PLAIN, TOWN_COMMUNITY, by=lead)
    assert not Opinion.objects.exists()
    assert not Decision.objects.exists()


def test_the_second_to_decide_is_told(city: City, reviewer: User, lead: User) -> None:
    judging = asked(city, needed=1)
    opine(city, judging, reviewer)
    stale = Judging.objects.get(pk=judging.pk)
    opine(city, judging, reviewer, "-2", seen=1)
    answer = Answer("同意", points=Decimal(-1))
    place = city.version(COMMUNITY)
    with pytest.raises(ConflictError, match="有人提交了意见"):
        actions.decide(judging, place, answer, seen=stale.version, observed_on=AS_OF, by=lead, at=clock.now())
    decide(city, judging, lead, "-1")
    with pytest.raises(ConflictError, match="已裁定"):
        decide(city, judging, lead, "-2")
    assert Decision.objects.count() == 1


def test_what_was_said_stays_as_it_was(city: City, reviewer: User) -> None:
    judging = asked(city)
    said = opine(city, judging, reviewer)
    for change in (lambda: Opinion.objects.update(reason="别的"), said.delete):
        with pytest.raises(Error), transaction.atomic():
            change()
    assert Opinion.objects.get().reason == "现场看过"


def test_a_withdrawn_question_can_be_asked_anew(city: City, lead: User) -> None:
    judging = asked(city)
    actions.withdraw(judging, city.version(COMMUNITY), "问错了", seen=0, by=lead, at=clock.now())
    judging.refresh_from_db()
    assert judging.state == JudgingState.WITHDRAWN
    assert asked(city).pk != judging.pk


def test_a_decision_refreshes_only_its_community(
    city: City,
    lead: User,
    reviewer: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    run = actions.assess(programme=city.programme, as_of=AS_OF, by=None, at=clock.now())
    judging = asked(city, needed=1)
    opine(city, judging, reviewer)
    city.facts.asked.clear()
    with django_capture_on_commit_callbacks(execute=True):
        decide(city, judging, lead, "-1")
    run.refresh_from_db()
    assert run.marks["judging.decisions"] == Decision.objects.get().pk
    assert [set(places) for places in city.facts.asked if len(places)] == [{city.places[COMMUNITY].pk}] * len(
        [places for places in city.facts.asked if len(places)]
    )


def test_the_queue_asks_as_much_for_many_as_for_one(
    city: City, lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked(city)
    under = city.version(DISTRICT).path

    def looked() -> int:
        rows = list(reading.judgings_for(lead, reading.Wanted(under=under)))
        return len(reading.queued(lead, rows))

    looked()
    with django_assert_num_queries(2):
        assert looked() == 1
    asked(city, GRADED, SECOND)
    asked(city, PLAIN)
    with django_assert_num_queries(2):
        assert looked() == 3


def test_the_page_of_states_is_drawn_from_the_table() -> None:
    assert diagram() in PAGE.read_text(encoding="utf-8")
