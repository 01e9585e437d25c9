"""The queue, a community's case, a value's history: what they show, what a POST does, who gets nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.core import clock
from greenward.survey.actions import record_values
from greenward.survey.actions.cases import SentBack, move
from greenward.survey.actions.record import correct_values
from greenward.survey.models import Case, Reminder, ReturnedField, Round
from greenward.survey.states import CaseState
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

CASES = "/survey/r2022/cases/"
CASE = f"{CASES}{COMMUNITY}/"


@pytest.fixture(autouse=True)
def day(settings: Settings) -> None:
    settings.GREENWARD_TODAY = make.TODAY


@pytest.fixture
def held() -> Round:
    made = make.survey_round()
    make.fill(made, COMMUNITY)
    return made


def official(role: str, at: str) -> User:
    user = person(f"{role}-{at}")
    appoint(user, role, at)
    return user


def browser(role: str = "street_clerk", at: str = STREET) -> Client:
    return signed_in(official(role, at))


def step(held: Round, *verbs: str, code: str = COMMUNITY, by: User | None = None) -> Case:
    made = None
    for verb in verbs:
        fields = [SentBack(code, "households", "与派出所数不符")] if verb in {"return", "reject"} else []
        made = move(held, Place.objects.get(code=code), verb, by=by, at=clock.now(), fields=fields)
    assert made
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_queue_begins_with_what_waits_for_the_person(held: Round) -> None:
    step(held, "submit")
    page = browser().get(CASES)
    assert [line.place.place.code for line in page.context["lines"]] == [COMMUNITY]
    assert dict(page.context["counts"])[CaseState.FILLING] == 1
    step(held, "check")
    page = browser("district_lead", DISTRICT).get(CASES)
    assert (page.context["wanted"].state, [line.state for line in page.context["lines"]]) == (
        "checked",
        [CaseState.CHECKED],
    )


def test_the_queue_filters_by_state_place_name_and_age(held: Round) -> None:
    step(held, "submit")
    client = browser("district_lead", DISTRICT)

    def codes(query: str) -> list[str]:
        return [line.place.place.code for line in client.get(f"{CASES}?{query}").context["lines"]]

    assert codes("state=&sort=place") == [COMMUNITY, SECOND, OTHER_COMMUNITY]
    assert codes("state=&sort=-place") == [OTHER_COMMUNITY, SECOND, COMMUNITY]
    assert codes(f"state=&place={OTHER_STREET}") == [OTHER_COMMUNITY]
    assert codes("state=filling&q=二里") == [SECOND]
    assert codes("state=filling&older=5&sort=place") == [SECOND, OTHER_COMMUNITY]
    assert codes("state=submitted&older=1") == []
    assert client.get(f"{CASES}?place={CITY}").status_code == 404


def test_the_queue_is_exported_as_shown(held: Round) -> None:
    step(held, "submit")
    lines = text(browser().get(f"{CASES}?state=filling&export=csv")).splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["二里社区居委会"]


def test_queries_of_the_queue_do_not_grow(held: Round) -> None:
    client = browser("district_lead", DISTRICT)
    counts = []
    for state in ("submitted", ""):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{CASES}?state={state}")
        counts.append(len(asked))
    step(held, "submit")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{CASES}?state=")
    assert len(asked) <= counts[1]


def test_a_batch_is_previewed_then_done(held: Round) -> None:
    make.fill(held, SECOND)
    step(held, "submit")
    client = browser()
    sent = {"verb": "check", "community": [COMMUNITY, SECOND], "query": "state=submitted"}
    preview = client.post(f"{CASES}batch/", sent)
    assert [one.place.code for one in preview.context["batch"].ready] == [COMMUNITY]
    assert "不能核对通过" in text(preview)
    assert Case.objects.get().state == CaseState.SUBMITTED
    done = client.post(f"{CASES}batch/", {**sent, "community": [COMMUNITY], "confirm": "1"})
    assert (done.status_code, done["Location"]) == (302, f"{CASES}?state=submitted")
    assert Case.objects.get().state == CaseState.CHECKED


def test_a_batch_takes_all_that_the_list_shows(held: Round) -> None:
    step(held, "submit")
    answer = browser().post(
        f"{CASES}batch/", {"verb": "check", "everything": "1", "query": "state=submitted", "confirm": "1"}
    )
    assert answer.status_code == 302
    assert Case.objects.get().state == CaseState.CHECKED


def test_the_case_shows_what_changed_first_and_everything_on_demand(held: Round) -> None:
    later = make.survey_round(
        "r2023",
        reference_on=make.TODAY,
        opens_on=make.TODAY,
        closes_on=make.TODAY + timedelta(days=30),
    )
    place = Place.objects.get(code=COMMUNITY)
    record_values(
        later, "community", place, {"households": 99}, by=None, at=clock.now() + timedelta(seconds=1)
    )
    page = browser().get(f"/survey/r2023/cases/{COMMUNITY}/")
    rows = [row.answer.field.id for group in page.context["groups"] for row in group["rows"]]
    assert "households" in rows
    everything = browser("district_lead", DISTRICT).get(f"/survey/r2023/cases/{COMMUNITY}/?all=1")
    assert sum(len(group["rows"]) for group in everything.context["groups"]) > len(rows)


def test_the_worker_submits_and_is_told_what_is_missing(held: Round) -> None:
    client = browser("community_worker", SECOND)
    answer = client.post(f"{CASES}{SECOND}/move/", {"verb": "submit", "seen": "0"})
    assert answer.status_code == 409
    assert "还没有登记小区" in text(answer)
    assert "还不能提交" in text(answer)
    assert Case.objects.count() == 0
    worker = browser("community_worker", COMMUNITY)
    answer = worker.post(f"{CASE}move/", {"verb": "submit", "seen": "0"}, follow=True)
    assert "现在该" in text(answer)
    assert "东街" in text(answer)


def test_returning_keeps_what_was_typed_when_somebody_was_faster(held: Round) -> None:
    step(held, "submit")
    clerk = browser()
    seen = clerk.get(CASE).context["strip"].case.seen
    step(held, "check")
    sent = {"verb": "return", "seen": str(seen), f"why:{COMMUNITY}:households": "与派出所数不符"}
    answer = clerk.post(f"{CASE}move/", sent)
    assert answer.status_code == 409
    assert "系统 已于" in text(answer)
    assert ReturnedField.objects.count() == 0


def test_a_field_comes_back_and_is_answered_from_the_page(held: Round) -> None:
    step(held, "submit")
    sent = {
        "verb": "return",
        f"why:{COMMUNITY}:households": "与派出所数不符",
        f"why:{COMMUNITY}:population": "",
    }
    assert browser().post(f"{CASE}move/", sent).status_code == 302
    assert [one.field for one in ReturnedField.objects.all()] == ["households"]
    worker = browser("community_worker", COMMUNITY)
    assert "与派出所数不符" in text(worker.get(CASE))
    form = text(worker.get(f"/survey/r2022/{COMMUNITY}/"))
    assert "项被退回" in form
    worker.post(f"{CASE}answer/", {"field": "households", "answer": "数据属实，理由：新楼交付"})
    assert ReturnedField.objects.get().answer == "数据属实，理由：新楼交付"
    assert worker.post(f"{CASE}answer/", {"field": "households", "answer": "x"}).status_code == 409
    assert worker.post(f"{CASE}answer/", {"field": "population", "answer": "x"}).status_code == 404


@pytest.mark.parametrize(
    "address", [CASE, f"/survey/values/{COMMUNITY}/households/", f"{CASES}?place={STREET}"]
)
def test_a_neighbour_gets_nothing(held: Round, address: str) -> None:
    assert browser("street_clerk", OTHER_STREET).get(address).status_code == 404


def test_queries_of_a_case_do_not_grow_with_units(held: Round) -> None:
    from greenward.survey.actions import add_unit

    client, counts = browser(), []
    client.get(CASE)
    for name in ("二号院", "三号院"):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{CASE}?all=1")
        counts.append(len(asked))
        answers = {**make.required_answers(held, "compound"), "name": name}
        add_unit(held, "compound", Place.objects.get(code=COMMUNITY), answers, by=None, at=clock.now())
    assert counts[0] == counts[1]


def test_a_value_tells_its_whole_story_and_is_corrected(held: Round) -> None:
    step(held, "submit", "check", "accept")
    lead = official("district_lead", DISTRICT)
    client = signed_in(lead)
    address = f"/survey/values/{COMMUNITY}/households/"
    page = client.get(address)
    assert page.context["may_correct"] is True
    correct = f"/survey/r2022/values/{COMMUNITY}/households/correct/"
    assert client.post(correct, {"value": "77", "reason": ""}).status_code == 422
    sent = {"value": "77", "reason": "核对派出所台账", "seen": str(page.context["seen"])}
    assert client.post(correct, sent).status_code == 302
    shown = text(client.get(address))
    for word in ("77户", "核对派出所台账", "更正", "12户", "district_lead"):
        assert word in shown
    assert "核对派出所台账" in text(client.get(CASE))


def test_a_worker_corrects_nothing(held: Round) -> None:
    step(held, "submit", "check", "accept")
    worker = browser("community_worker", COMMUNITY)
    correct = f"/survey/r2022/values/{COMMUNITY}/households/correct/"
    assert worker.post(correct, {"value": "77", "reason": "x"}).status_code == 403
    assert "may_correct" not in worker.get(f"/survey/values/{COMMUNITY}/households/").context


def test_a_units_field_shows_the_units_behind_a_figure(held: Round) -> None:
    page = browser().get(f"/survey/values/{COMMUNITY}/name/?form=compound")
    assert [one.text for one in page.context["behind"]] == ["一号院"]


def test_figures_of_people_are_hidden_from_who_does_not_survey(held: Round) -> None:
    from greenward.survey.queries import policy_of

    field = next(
        f.id for g in policy_of(held).dictionary if g.level == "community" for f in g.fields
        if f.sensitivity == "aggregate"
    )  # fmt: skip
    auditor = browser("auditor", CITY).get(f"/survey/values/{COMMUNITY}/{field}/")
    assert (auditor.context["shown"], "仅汇总，不单独显示" in text(auditor)) == (False, True)
    assert browser().get(f"/survey/values/{COMMUNITY}/{field}/").context["shown"] is True


def test_a_case_keeps_figures_of_people_from_who_does_not_survey(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    record_values(held, "community", place, {"disabled_residents": 4321}, by=None, at=clock.now())
    assert "4321" in text(browser().get(f"{CASE}?all=1"))
    assert "4321" not in text(browser("auditor", CITY).get(f"{CASE}?all=1"))


def test_reminding_from_the_queue_shows_on_the_form_and_at_home(held: Round) -> None:
    client = browser()
    sent = {"community": [COMMUNITY, SECOND], "note": "周五前交", "query": "state=filling"}
    answer = client.post(f"{CASES}reminders/", sent, follow=True)
    assert "已提醒 2 个社区" in text(answer)
    assert "已提醒 0 个社区" in text(client.post(f"{CASES}reminders/", sent, follow=True))
    assert Reminder.objects.count() == 2
    worker = browser("community_worker", COMMUNITY)
    assert "周五前交" in text(worker.get(f"/survey/r2022/{COMMUNITY}/"))
    assert "周五前交" in text(worker.get("/"))
    assert "周五前交" in text(client.get(f"{CASES}reminders/"))


def test_a_worker_reminds_nobody(held: Round) -> None:
    worker = browser("community_worker", COMMUNITY)
    assert worker.post(f"{CASES}reminders/", {"community": [COMMUNITY]}).status_code == 403
    assert Reminder.objects.count() == 0


def test_home_says_what_waits(held: Round) -> None:
    clerk = official("street_clerk", STREET)
    step(held, "submit")
    assert "核对摸底" in text(signed_in(clerk).get("/"))
    step(held, "check", by=clerk)
    assert "核验摸底" in text(browser("district_lead", DISTRICT).get("/"))
    step(held, "accept")
    place = Place.objects.get(code=COMMUNITY)
    correct_values(
        held, "community", place, {"households": 78}, by=None, at=clock.now() + timedelta(hours=1), reason="x"
    )
    assert "看看您核对或核验之后的更正" in text(signed_in(clerk).get("/"))


def test_home_says_what_came_back(held: Round) -> None:
    step(held, "submit", "return")
    assert "补正被退回的摸底数据" in text(browser("community_worker", COMMUNITY).get("/"))
