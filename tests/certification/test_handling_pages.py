"""Pages of those who publish, handle objections and recognise: the whole way, and who may not."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.certification.models import Notice, Objection, Title
from greenward.core.models import AuditEntry
from greenward.programmes.models import Programme
from tests.factories import recognition as make
from tests.factories.accounts import signed_in
from tests.factories.recognition import SAID
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, STREET, appoint, person


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = date(2022, 8, 15)
    return make.scene()


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


def test_the_whole_way_on_pages(programme: Programme, settings: Settings) -> None:
    application = make.approved(programme)
    client = signed_in(official("district_lead", DISTRICT))
    assert "一里社区居委会" in client.get("/titles/").content.decode()
    sent = {"territory": DISTRICT, "application": application.pk, "title": "公示", "contact": "甲区办公室"}
    assert client.post("/titles/publish/", sent).status_code == 302
    notice = Notice.objects.get()
    objection, _code = make.objection_to(application)
    shown = client.get(f"/titles/objections/{objection.pk}/").content.decode()
    assert [one for one in SAID.values() if one in shown] == []
    assert SAID["name"] in client.post(f"/titles/objections/{objection.pk}/reveal/").content.decode()
    assert AuditEntry.objects.filter(action="certification.reveal_objection").count() == 1
    client.post(f"/titles/objections/{objection.pk}/accept/", {"answer": ""})
    late = client.post(f"/titles/objections/{objection.pk}/accept/", {"answer": "写了一半的答复"})
    assert (late.status_code, "写了一半的答复" in late.content.decode()) == (409, True)
    client.post(f"/titles/objections/{objection.pk}/reject/", {"answer": "已核实，通道畅通"})
    settings.GREENWARD_TODAY = date(2022, 8, 25)
    assert "命名选中的社区" in client.get(f"/titles/notices/{notice.pk}/").content.decode()
    done = {"application": application.pk, "document": "示例〔2022〕1号"}
    client.post(f"/titles/notices/{notice.pk}/recognise/", done)
    title = Title.objects.get()
    assert title.number in client.get(f"/titles/notices/{notice.pk}/").content.decode()
    client.post(f"/titles/objections/{objection.pk}/erase/")
    assert Objection.objects.get().sealed is None


@pytest.mark.parametrize(
    "role,code",
    [
        ("street_clerk", STREET),
        ("community_worker", COMMUNITY),
        ("district_lead", OTHER_DISTRICT),
        ("auditor", "990000000000"),
    ],
)
def test_others_learn_nothing_and_change_nothing(programme: Programme, role: str, code: str) -> None:
    application = make.approved(programme)
    notice = make.notice_of([application])
    objection, _code = make.objection_to(application)
    client = signed_in(official(role, code))
    shown = client.get("/titles/").content.decode()
    assert "没有待公示的申报" in shown
    assert [one for one in (f'value="{application.pk}"', "/titles/objections/") if one in shown] == []
    for path in (f"/titles/notices/{notice.pk}/", f"/titles/objections/{objection.pk}/"):
        assert client.get(path).status_code == 404
    for path in (
        f"/titles/notices/{notice.pk}/recognise/",
        f"/titles/objections/{objection.pk}/reveal/",
        f"/titles/objections/{objection.pk}/accept/",
        f"/titles/objections/{objection.pk}/erase/",
    ):
        assert client.post(path, {"answer": "x"}).status_code == 404
    objection.refresh_from_db()
    assert objection.state == "received"
    assert not AuditEntry.objects.filter(action="certification.reveal_objection").exists()


def test_without_sign_in_it_asks_for_it(programme: Programme) -> None:
    assert Client().get("/titles/").status_code == 302
