"""What the form's scripts call: autosave, heartbeat, remarks, session; JSON always, and never a redirect."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core import audit, clock
from greenward.survey import actions
from greenward.survey.models import Entry, Presence, Remark, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

FORM = f"/survey/r2022/{COMMUNITY}/"
SAVE, PRESENCE, REMARKS = f"{FORM}save/", f"{FORM}presence/", f"{FORM}remarks/"
CHECK = "people-and-households"


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def official(name: str, role: str = "street_clerk", place: str = STREET) -> User:
    user = person(name)
    appoint(user, role, place)
    return user


def call(client: Client, address: str, body: object, **headers: str) -> Any:
    content = body if isinstance(body, str) else json.dumps(body)
    return client.post(
        address, content, content_type="application/json", headers={"Accept": "application/json", **headers}
    )


def change(*, seen: int = 0, reasons: dict[str, str] | None = None, **values: object) -> dict[str, object]:
    return {
        "request": str(uuid4()),
        "form": "community",
        "seen": seen,
        "values": values,
        "reasons": reasons or {},
    }


def test_a_change_set_is_recorded_once_however_often_it_comes(held: Round) -> None:
    client, sent = signed_in(official("wang")), change(households="1,200")
    answers = [call(client, SAVE, sent) for _again in range(3)]
    entry = Entry.objects.get()
    assert [(answer.status_code, answer.json()["entry"]) for answer in answers] == [(200, entry.pk)] * 3
    assert (str(entry.request), entry.values) == (sent["request"], {"households": 1200})
    told = answers[0].json()
    assert (told["seen"], told["written"], told["others"]) == (entry.pk, {"households": "1200"}, {})
    assert answers[0]["Cache-Control"] == "no-store"


def test_the_same_change_set_is_answered_when_the_round_has_closed(held: Round) -> None:
    client, sent = signed_in(official("wang")), change(households="5")
    call(client, SAVE, sent)
    actions.close_round(held, by=None, at=clock.now())
    assert call(client, SAVE, sent).status_code == 200
    refused = call(client, SAVE, change(households="6"))
    assert (refused.status_code, refused.json()["fields"], Entry.objects.count()) == (409, {}, 1)


def test_two_people_merge_by_field_and_see_each_others_values(held: Round) -> None:
    wang, li = signed_in(official("wang")), signed_in(official("li"))
    call(wang, SAVE, change(households="5"))
    told = call(li, SAVE, change(population="9")).json()
    assert told["others"].keys() == {"households"}
    other = told["others"]["households"]
    assert (other["value"], other["shown"], other["by"], other["own"]) == (
        "5",
        "5户",
        str(User.objects.get(username="wang")),
        False,
    )
    assert told["seen"] == Entry.objects.latest("id").pk
    assert [entry.values for entry in Entry.objects.order_by("id")] == [{"households": 5}, {"population": 9}]


def test_a_conflict_tells_both_values_and_writes_nothing(held: Round) -> None:
    wang, li = signed_in(official("wang")), signed_in(official("li"))
    call(wang, SAVE, change(households="5"))
    refused = call(li, SAVE, change(households="6", population="9"))
    clash = refused.json()["fields"]["households"]
    first = Entry.objects.get()
    assert refused.status_code == 409
    assert (clash["yours"], clash["theirs"], clash["written"], clash["shown"], clash["entry"]) == (
        6,
        5,
        "5",
        "5户",
        first.pk,
    )
    assert clash["source"] == "wang 填报" or "填报" in clash["source"]
    mine = call(li, SAVE, change(seen=first.pk, households="6", population="9"))
    assert (mine.status_code, Entry.objects.latest("id").values) == (200, {"households": 6, "population": 9})


def test_wrong_answers_are_told_by_field_and_nothing_is_written(held: Round) -> None:
    refused = call(signed_in(official("wang")), SAVE, change(households="许多", population="9"))
    assert (refused.status_code, refused.json()["fields"]["households"]["code"]) == (422, "not_a_number")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", '{"request": "x", "form": "community", "seen": 0, "values": {}}']
)
def test_a_body_of_another_shape_is_refused(held: Round, body: str) -> None:
    assert call(signed_in(official("wang")), SAVE, body).status_code == 422
    assert not Entry.objects.exists()


def test_warnings_and_their_reasons_come_back(held: Round) -> None:
    client = signed_in(official("wang"))
    told = call(client, SAVE, change(households="9", population="5")).json()
    (warning,) = told["warnings"]
    assert (warning["id"], warning["reason"], set(warning["fields"])) == (
        CHECK,
        "",
        {"households", "population"},
    )
    told = call(client, SAVE, change(seen=told["seen"], reasons={CHECK: "空置"})).json()
    assert told["warnings"][0]["reason"] == "空置"
    told = call(client, SAVE, change(seen=told["seen"], population="10")).json()
    assert told["warnings"] == []


def test_nobody_signed_in_is_told_so_without_a_redirect(held: Round) -> None:
    answer = call(Client(), SAVE, change(households="5"))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    session = Client().get("/survey/session.json")
    assert (session.status_code, session.json()["code"]) == (401, "signed_out")


def test_what_one_person_typed_is_never_taken_for_anothers(held: Round) -> None:
    wang, li = official("wang"), official("li")
    answer = call(signed_in(li), SAVE, change(households="5"), **{"X-Greenward-Person": str(wang.pk)})
    assert (answer.status_code, answer.json()["code"], Entry.objects.count()) == (401, "other_person", 0)


def test_a_stale_token_is_told_as_json_and_a_fresh_one_works(held: Round) -> None:
    user = official("wang")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent = change(households="5")
    stale = call(client, SAVE, sent, **{"X-CSRFToken": "x" * 64})
    assert (stale.status_code, stale.json()["code"]) == (403, "form_expired")
    session = client.get("/survey/session.json").json()
    assert session["person"] == user.pk
    assert call(client, SAVE, sent, **{"X-CSRFToken": session["csrf"]}).status_code == 200


def test_the_key_is_ones_own_and_stays_the_same(held: Round) -> None:
    wang, li = signed_in(official("wang")), signed_in(official("li"))
    keys = [client.get("/survey/session.json").json()["key"] for client in (wang, wang, li)]
    assert keys[0] == keys[1] != keys[2]
    assert len(keys[0]) == 44


@pytest.mark.parametrize("address", [SAVE, PRESENCE, REMARKS])
def test_beyond_the_reach_nothing_is_told_or_written(held: Round, address: str) -> None:
    client = signed_in(official("town", "community_worker", OTHER_COMMUNITY))
    body = {**change(households="5"), "text": "问"}
    assert call(client, address, body).status_code == 404
    assert (Entry.objects.count(), Presence.objects.count(), Remark.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("address", [SAVE, PRESENCE, REMARKS])
def test_who_only_reads_writes_nothing(held: Round, address: str) -> None:
    client = signed_in(official("auditor", "auditor", CITY))
    assert call(client, address, {**change(households="5"), "text": "问"}).status_code == 403
    assert (Entry.objects.count(), Presence.objects.count(), Remark.objects.count()) == (0, 0, 0)


def test_the_heartbeat_shows_company_and_news_and_leaving_ends_it(held: Round) -> None:
    wang, li = official("wang"), official("li")
    there, here = signed_in(wang), signed_in(li)
    beat = {"form": "community", "seen": 0}
    assert call(there, PRESENCE, beat).json()["people"] == []
    call(there, SAVE, change(households="5"))
    told = call(here, PRESENCE, beat).json()
    assert (told["people"], told["others"]["households"]["value"]) == ([str(wang)], "5")
    again = call(here, PRESENCE, {"form": "community", "seen": told["seen"]}).json()
    assert (again["others"], "hidden" in again) == ({}, False)
    call(there, PRESENCE, {"leave": True})
    assert call(here, PRESENCE, beat).json()["people"] == []


def test_a_save_asks_the_database_as_often_with_more_entries(held: Round) -> None:
    client = signed_in(official("wang"))
    counts = []
    for number in range(8):
        with CaptureQueriesContext(connection) as captured:
            call(client, SAVE, change(seen=10**9, households=str(number + 5)))
        counts.append(len(captured))
    assert counts[2] == counts[-1]


def test_a_question_is_asked_once_listed_above_and_settled_by_its_answer(held: Round) -> None:
    worker, clerk = official("wang", "community_worker", COMMUNITY), official("li")
    client, above = signed_in(worker), signed_in(clerk)
    body = {"text": "按户籍还是常住？", "field": "households", "is_question": True, "request": str(uuid4())}
    assert [call(client, REMARKS, body).status_code for _again in range(2)] == [200, 200]
    question = Remark.objects.get()
    listed = above.get("/survey/r2022/questions/")
    assert [row["remark"].pk for row in listed.context["rows"]] == [question.pk]
    assert "常住户数" in listed.content.decode()
    assert (
        call(above, REMARKS, {"text": "按常住。", "question": question.pk, "field": "households"}).status_code
        == 200
    )
    question.refresh_from_db()
    assert question.settled_at is not None
    assert above.get("/survey/r2022/questions/").context["page"].paginator.count == 0
    assert above.get("/survey/r2022/questions/?show=all").context["page"].paginator.count == 1
    fragment = client.get(f"{REMARKS}?field=households", headers={"HX-Request": "true"}).content.decode()
    assert ("按常住。" in fragment, "<html" in fragment) == (True, False)
    assert "留言（2）" in client.get(FORM).content.decode()
    assert audit.verify() == []


def test_questions_elsewhere_are_not_listed(held: Round) -> None:
    other = official("far", "community_worker", OTHER_COMMUNITY)
    call(signed_in(other), f"/survey/r2022/{OTHER_COMMUNITY}/remarks/", {"text": "问", "is_question": True})
    assert Remark.objects.count() == 1
    assert signed_in(official("li")).get("/survey/r2022/questions/").context["page"].paginator.count == 0
    assert (
        signed_in(official("lead", "district_lead", DISTRICT))
        .get("/survey/r2022/questions/")
        .context["page"]
        .paginator.count
        == 1
    )


def test_ones_own_answer_settles_nothing_and_an_empty_one_is_refused(held: Round) -> None:
    client = signed_in(official("wang", "community_worker", COMMUNITY))
    call(client, REMARKS, {"text": "问", "is_question": True})
    question = Remark.objects.get()
    call(client, REMARKS, {"text": "补充", "question": question.pk})
    assert Remark.objects.get(pk=question.pk).settled_at is None
    assert call(client, REMARKS, {"text": "  ", "question": question.pk}).status_code == 422
    assert call(client, REMARKS, {"text": "字" * 1001}).status_code == 422
    assert call(client, REMARKS, {"text": "问", "field": "no_such_field"}).status_code == 422
    assert Remark.objects.count() == 2
    assert client.post(REMARKS, {"question": question.pk, "settle": "1"}).status_code == 302
    assert Remark.objects.get(pk=question.pk).settled_at is not None
    assert call(client, REMARKS, {"question": question.pk, "settle": True}).status_code == 409


def test_worker_manifest_and_offline_page_hold_nothing_personal(held: Round) -> None:
    anybody = Client()
    worker = anybody.get("/survey/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    text = worker.content.decode()
    assert '"development"' not in text
    assert "/static/js/survey/form.js" in text
    manifest = anybody.get("/survey/app.webmanifest").json()
    assert (manifest["scope"], manifest["start_url"], len(manifest["icons"])) == ("/survey/", "/survey/", 3)
    assert "没有网络" in anybody.get("/survey/offline.html").content.decode()


def test_a_returned_place_is_gone(held: Round) -> None:
    client = signed_in(official("wang"))
    assert call(client, f"/survey/r2022/{COMMUNITY}-009/save/", change(households="5")).status_code == 404
    assert not Place.objects.filter(code=f"{COMMUNITY}-009").exists()
