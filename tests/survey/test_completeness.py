"""Certificates of completeness: when they can be issued, what they freeze, and what came after."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey.actions.cases import move
from greenward.survey.actions.completeness import IncompleteRoundError, certify
from greenward.survey.actions.record import correct_values
from greenward.survey.models import Completeness, Round
from greenward.survey.queries import completeness as queries
from greenward.territories.models import Place, PlaceVersion
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(settings: Settings) -> None:
    settings.GREENWARD_TODAY = make.TODAY


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def at(code: str) -> PlaceVersion:
    return PlaceVersion.objects.select_related("place").get(place__code=code)


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


def accept(held: Round, *codes: str) -> None:
    for code in codes:
        make.fill(held, code)
        for verb in ("submit", "check", "accept"):
            move(held, Place.objects.get(code=code), verb, by=None, at=clock.now())


def holding(figures: queries.Figures) -> list[str]:
    return [one.slug for one in figures.statements if one.holds]


def test_the_three_statements_hold_one_after_the_other(held: Round) -> None:
    assert holding(queries.figures_of(held, at(STREET))) == []
    for code in (COMMUNITY, SECOND):
        make.fill(held, code)
    figures = queries.figures_of(held, at(STREET))
    assert (figures.due, figures.recorded, figures.done, figures.accepted) == (2, 2, 2, 0)
    assert holding(figures) == ["covered", "nothing_left"]
    for code in (COMMUNITY, SECOND):
        for verb in ("submit", "check", "accept"):
            move(held, Place.objects.get(code=code), verb, by=None, at=clock.now())
    figures = queries.figures_of(held, at(STREET))
    assert (holding(figures), figures.units) == (["covered", "nothing_left", "clear"], {"compound": 2})


def test_what_is_not_complete_is_refused_with_what_is_lacking(held: Round) -> None:
    accept(held, COMMUNITY)
    with pytest.raises(IncompleteRoundError) as told:
        certify(held, at(STREET), by=official("district_lead", DISTRICT), at=clock.now())
    assert (told.value.data["communities"], told.value.data["lacking"]) == ([SECOND], 1)
    assert told.value.data["failing"] == ["covered", "nothing_left", "clear"]
    assert (Completeness.objects.count(), AuditEntry.objects.filter(action="survey.certify").count()) == (
        0,
        0,
    )


def test_nothing_due_is_not_complete(held: Round) -> None:
    with pytest.raises(InvalidInputError):
        certify(held, at(COMMUNITY), by=None, at=clock.now())
    empty = at(OTHER_DISTRICT)
    empty.path = f"{empty.path}x/"
    assert holding(queries.figures_of(held, empty)) == []


def test_a_certificate_freezes_figures_list_and_digest_once(held: Round) -> None:
    accept(held, COMMUNITY, SECOND)
    lead = official("district_lead", DISTRICT)
    made = certify(held, at(STREET), by=lead, at=clock.now())
    assert [row[:2] for row in made.figures["communities"]] == [[COMMUNITY, "accepted"], [SECOND, "accepted"]]
    assert (made.figures["due"], made.by, queries.is_whole(made)) == (2, lead, True)
    assert certify(held, at(STREET), by=lead, at=clock.now()) == made
    made.figures["due"] = 3
    assert queries.is_whole(made) is False


@pytest.mark.parametrize(
    "role,seat,place,may",
    [
        ("district_lead", DISTRICT, DISTRICT, True),
        ("district_lead", DISTRICT, STREET, True),
        ("district_lead", DISTRICT, CITY, False),
        ("district_lead", OTHER_DISTRICT, STREET, False),
        ("city_lead", CITY, CITY, True),
        ("city_lead", CITY, DISTRICT, False),
        ("street_clerk", STREET, STREET, False),
        ("auditor", CITY, CITY, False),
    ],
)
def test_who_may_certify(held: Round, role: str, seat: str, place: str, *, may: bool) -> None:
    user = official(role, seat)
    with pytest.raises(IncompleteRoundError if may else NotAllowedError):
        certify(held, at(place), by=user, at=clock.now())
    assert Completeness.objects.count() == 0


def test_a_concern_keeps_the_figures_from_being_clear(held: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_concerns", {})
    queries.register_concern("disagreements", "部门数据不一致", lambda *_args: 1)
    accept(held, COMMUNITY, SECOND)
    figures = queries.figures_of(held, at(STREET))
    assert (holding(figures), figures.concerns) == (["covered", "nothing_left"], {"disagreements": 1})


def test_corrections_after_the_issue_are_told(held: Round) -> None:
    accept(held, COMMUNITY, SECOND)
    client = signed_in(official("district_lead", DISTRICT))
    address = f"/survey/r2022/completeness/?place={STREET}"
    issued = client.post(address)
    assert issued.status_code == 302
    page = client.get(issued["Location"]).content.decode()
    assert "✓ 底数清" in page
    assert "次更正；" not in page
    later = timezone.now().replace(year=2022, month=6, day=15) + timedelta(seconds=1)
    community = Place.objects.get(code=COMMUNITY)
    correct_values(held, "community", community, {"households": 77}, by=None, at=later, reason="笔误")
    assert "出具之后有 1 次更正" in client.get(issued["Location"]).content.decode()
    assert "出具之后有 1 次更正" in client.get(address).content.decode()
    neighbour = signed_in(official("district_lead", OTHER_DISTRICT))
    assert neighbour.get(issued["Location"]).status_code == 404


def test_the_page_says_why_not(held: Round) -> None:
    make.fill(held, COMMUNITY)
    client = signed_in(official("district_lead", DISTRICT))
    page = client.get("/survey/r2022/completeness/").content.decode()
    assert "3 个社区没有完成" in page
    assert client.post("/survey/r2022/completeness/").status_code == 409


def test_queries_do_not_grow_with_communities(held: Round) -> None:
    accept(held, COMMUNITY)
    counts = []
    for code in (STREET, DISTRICT):
        queries.figures_of(held, at(code))
        with CaptureQueriesContext(connection) as asked:
            queries.figures_of(held, at(code))
            queries.lacking_at(held, at(code), most=50)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert OTHER_COMMUNITY in [one.code for one in queries.lacking_at(held, at(DISTRICT))[1]]
