"""One value corrected: the verdict, the district's rate, the list of the nearest and the notice follow."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from greenward.accounts.models import User
from greenward.assessment import actions, queries
from greenward.assessment.models import Result, Run, SeenChange
from greenward.core import clock
from greenward.core.errors import NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey import actions as survey
from greenward.survey.actions.cases import move
from greenward.survey.models import Round
from greenward.territories.models import Place
from tests.factories import accounts
from tests.factories import survey as make
from tests.factories.assessment import ALL_MET
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND, appoint, person

DAY = make.TODAY
FIELD = "life_passage_blocked"
ANSWERS = {
    key: value.isoformat() if isinstance(value, date) else value
    for key, value in {**ALL_MET, "last_post_on": date(2022, 6, 1)}.items()
    if not key.startswith("compound")
}


@pytest.fixture
def held(db: None, settings: Settings) -> Round:
    """Survey two of a district: one lacks a free passage only, the other sponge measures too."""
    settings.GREENWARD_TODAY = DAY
    cache.clear()
    made = make.survey_round()
    for code, more in ((COMMUNITY, {}), (SECOND, {"sponge_measures": False})):
        make.fill(made, code)
        place = Place.objects.get(code=code)
        survey.record_values(made, "community", place, {**ANSWERS, FIELD: 2, **more}, by=None, at=make.AT)
    for verb in ("submit", "check", "accept"):
        move(made, Place.objects.get(code=COMMUNITY), verb, by=None, at=clock.now())
    actions.assess(programme=made.programme, as_of=DAY, by=None, at=clock.now())
    return made


@pytest.fixture
def lead(held: Round) -> User:
    user = person("lead")
    appoint(user, "district_lead", DISTRICT)
    return user


@pytest.fixture
def browser(lead: User) -> Client:
    return accounts.signed_in(lead)


def corrected(browser: Client, run_after_commit: DjangoCaptureOnCommitCallbacks, value: str = "0") -> None:
    page = browser.get(f"/survey/values/{COMMUNITY}/{FIELD}/")
    sent = {"seen": page.context["seen"], "reason": "现场复核", "value": value, FIELD: value}
    with run_after_commit(execute=True):
        answer = browser.post(f"/survey/r2022/values/{COMMUNITY}/{FIELD}/correct/", sent)
    assert answer.status_code == 302, answer.content.decode()


def district_row() -> queries.AttainmentRow:
    return next(row for row in queries.attainment(DAY) if row.code == DISTRICT)


def nearest(browser: Client) -> list[str]:
    page = browser.get(f"/assessment/gaps/{DISTRICT}/", {"verdict": "unmet"})
    return [near.code for near in page.context["nearest"]]


def test_everything_follows_a_correction(
    held: Round,
    lead: User,
    browser: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert queries.assessment_for(lead, COMMUNITY, DAY).verdict == "unmet"
    before = district_row()
    assert (before.meeting, before.unmet) == (0, 2)
    assert nearest(browser) == [COMMUNITY, SECOND]
    assert queries.new_for(lead) == 0

    corrected(browser, django_capture_on_commit_callbacks)

    assert queries.assessment_for(lead, COMMUNITY, DAY).verdict == "met"
    assert Result.objects.get(run=Run.objects.get(), place__code=COMMUNITY).verdict == "met"
    after = district_row()
    assert (after.meeting, after.unmet, after.denominator) == (1, 1, before.denominator)
    assert nearest(browser) == [SECOND]
    assert queries.new_for(lead) == 1
    [change] = browser.get("/assessment/changes/").context["changes"]
    [item] = change.items
    [because] = item.because
    assert (change.place.place.code, change.old, change.new, item.item.id) == (COMMUNITY, "unmet", "met", "8")
    assert (because.old, because.new) == ("2 处", "0 处")
    assert because.given is not None
    assert "lead" in because.given.source
    assert "1 条新变化" in browser.get("/").content.decode()


def test_what_a_person_has_seen_is_new_no_more_for_them_alone(
    held: Round,
    lead: User,
    browser: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    corrected(browser, django_capture_on_commit_callbacks)
    other = person("other")
    appoint(other, "district_lead", DISTRICT)
    [change] = queries.changes_for(lead)
    answer = browser.post("/assessment/changes/seen/", {"change": change.id, "next": "/assessment/changes/"})
    assert (answer.status_code, answer["Location"]) == (302, "/assessment/changes/")
    assert (queries.new_for(lead), queries.new_for(other)) == (0, 1)
    browser.post("/assessment/changes/seen/", {})
    assert (SeenChange.objects.count(), AuditEntry.objects.filter(action="assessment.see").count()) == (1, 1)
    assert [c.is_new for c in queries.changes_for(lead)] == [False]


def test_strangers_see_and_mark_nothing(
    held: Round, browser: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    corrected(browser, django_capture_on_commit_callbacks)
    stranger = person("stranger")
    appoint(stranger, "district_lead", OTHER_DISTRICT)
    assert queries.changes_for(stranger) == []
    page = accounts.signed_in(stranger)
    assert page.get("/assessment/changes/").context["changes"] == []
    assert page.get("/assessment/changes/", {"under": DISTRICT}).status_code == 404
    page.post("/assessment/changes/seen/", {})
    assert SeenChange.objects.count() == 0
    rows = list(Run.objects.get().changes.all())
    with pytest.raises(NotAllowedError):
        actions.see(changes=rows, by=stranger, at=clock.now())
    assert SeenChange.objects.count() == 0


@pytest.mark.parametrize(
    "asked,number",
    [
        ({}, 1),
        ({"direction": "gained"}, 1),
        ({"direction": "lost"}, 0),
        ({"direction": "same"}, 0),
        ({"item": "8"}, 1),
        ({"item": "12"}, 0),
        ({"since": "2022-06-15"}, 1),
        ({"until": "2022-06-14"}, 0),
        ({"new": "yes"}, 1),
        ({"under": COMMUNITY}, 1),
        ({"under": SECOND}, 0),
    ],
)
def test_changes_are_filtered(
    held: Round,
    browser: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    asked: dict[str, str],
    number: int,
) -> None:
    corrected(browser, django_capture_on_commit_callbacks)
    assert len(browser.get("/assessment/changes/", asked).context["changes"]) == number


def test_a_digest_asks_since_a_moment(
    held: Round,
    lead: User,
    browser: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    corrected(browser, django_capture_on_commit_callbacks)
    [change] = queries.changes_for(lead)
    assert queries.changes_for(lead, since=change.at) == [change]
    assert queries.changes_for(lead, since=change.at.replace(year=2023)) == []


def test_a_strange_day_is_refused(held: Round, browser: Client) -> None:
    assert browser.get("/assessment/changes/", {"since": "gestern"}).status_code == 422
