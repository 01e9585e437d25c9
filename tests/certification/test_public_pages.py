"""What everybody sees: notices, objecting, answers, the register, certificates and their check."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from greenward.certification.actions.objection import handle_objection
from greenward.certification.cli import certification
from greenward.certification.models import Notice, Objection
from greenward.certification.queries.titles import signed
from greenward.core.signing import public_key
from greenward.programmes.models import Programme
from tests.factories import recognition as make
from tests.factories.recognition import PUBLISHED, SAID
from tests.factories.territories import COMMUNITY, OTHER_COMMUNITY, SECOND


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = date(2022, 8, 22)
    cache.clear()
    return make.scene()


def test_a_notice_says_how_long_and_how_to_object(programme: Programme, client: Client) -> None:
    notice = make.notice_of([make.approved(programme)])
    listed = client.get("/notices/").content.decode()
    assert "还剩 2 天" in listed
    text = client.get(f"/notices/{notice.pk}/").content.decode()
    assert [
        word
        for word in ("一里社区居委会", "公示期 7 个工作日", "本地自定", "提出异议", "还剩 2 天")
        if word not in text
    ] == []
    assert client.get(f"/notices/{notice.pk}/notice.pdf").content.startswith(b"%PDF-")
    assert client.get("/notices/999/").status_code == 404


def test_an_objection_from_the_public_page_and_its_answer(programme: Programme, client: Client) -> None:
    application = make.approved(programme)
    notice = make.notice_of([application])
    address = f"/notices/{notice.pk}/{application.noticed.pk}/object/"
    proof = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n%%EOF\n")
    done = client.post(address, {**SAID, "proof": proof})
    assert done.status_code == 200
    text = done.content.decode()
    code = text.partition("data-receipt>")[2].partition("<")[0]
    assert SAID["name"] not in text
    objection = Objection.objects.get()
    handle_objection(objection, "dismiss", answer="不属公示范围", by=None, at=PUBLISHED)
    told = client.post("/notices/answer/", {"code": code}).content.decode()
    assert "不属公示范围" in told
    assert [one for one in SAID.values() if one in told] == []
    assert "没有这个回执码" in client.post("/notices/answer/", {"code": "AAAA"}).content.decode()


def test_a_form_that_lacks_something_comes_back_with_what_was_written(
    programme: Programme, client: Client
) -> None:
    application = make.approved(programme)
    notice = make.notice_of([application])
    address = f"/notices/{notice.pk}/{application.noticed.pk}/object/"
    text = client.post(address, {**SAID, "name": ""}).content.decode()
    assert SAID["reason"] in text
    assert not Objection.objects.exists()


def test_one_address_does_not_flood_the_office(programme: Programme, client: Client) -> None:
    application = make.approved(programme)
    notice = make.notice_of([application])
    address = f"/notices/{notice.pk}/{application.noticed.pk}/object/"
    answers = [client.post(address, SAID).status_code for _n in range(6)]
    assert answers == [200] * 5 + [429]
    assert Objection.objects.count() == 5


def told(client: Client, notice: Notice) -> str:
    """Return the page of a notice without the frame, whose forms hold a token of their own."""
    return client.get(f"/notices/{notice.pk}/").content.decode().partition("<main")[2]


def test_nothing_public_tells_of_an_objection(programme: Programme, client: Client) -> None:
    application = make.approved(programme)
    notice = make.notice_of([application])
    before = told(client, notice)
    objection, _code = make.objection_to(application)
    handle_objection(objection, "accept", by=None, at=PUBLISHED)
    assert told(client, notice) == before
    for address in ("/notices/", f"/notices/{notice.pk}/", "/register/", "/notices/answer/"):
        text = client.get(address).content.decode()
        assert [one for one in SAID.values() if one in text] == []


def test_the_register_shows_filters_and_gives_open_data(
    programme: Programme, client: Client, settings: Settings
) -> None:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    titles = make.recognised(programme)
    text = client.get("/register/").content.decode()
    assert all(one.number in text for one in titles)
    assert titles[1].number not in client.get("/register/?q=一里").content.decode()
    data = client.get("/register/?format=json").json()
    assert [one["number"] for one in data["titles"]] == [one.number for one in titles]
    assert data["titles"][0]["valid_until"] is None
    assert client.get("/register/?format=csv").content.decode().count("LS-990101-2022") == 2
    assert "京" not in client.get(f"/register/{titles[0].code}/").content.decode()
    assert client.get("/register/AAAA/").status_code == 404


def test_the_register_asks_the_same_number_of_queries_for_more_rows(
    programme: Programme, client: Client, settings: Settings
) -> None:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    make.recognised(programme, COMMUNITY)
    counts = []
    for codes in ((), (SECOND, OTHER_COMMUNITY)):
        if codes:
            make.recognised(programme, *codes)
        client.get("/register/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/register/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_certificate_checks_online_and_offline(
    programme: Programme, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    (title,) = make.recognised(programme, COMMUNITY)
    assert "证书真实，称号有效" in client.get("/check/", {"code": title.code}).content.decode()
    token = signed(title).token
    assert "证书真实，称号有效" in client.get("/check/", {"code": token}).content.decode()
    broken = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    assert "签名不符" in client.get("/check/", {"code": broken}).content.decode()
    assert "没有这个查验码" in client.get("/check/", {"code": "不存在"}).content.decode()
    assert client.get("/certificates/key").json()["keys"][0]["public_key"] == public_key()
    paper, record = tmp_path / "certificate.pdf", tmp_path / "title.json"
    paper.write_bytes(client.get(f"/certificates/{title.code}.pdf").content)
    record.write_bytes(client.get(f"/certificates/{title.code}.json").content)
    for what in (str(paper), str(record), token):
        done = CliRunner().invoke(certification, ["verify", what, "--key", public_key(), "--json"])
        assert (done.exit_code, json.loads(done.output)["record"]["number"]) == (0, title.number)
    record.write_text(record.read_text().replace("一里", "二里"))
    assert CliRunner().invoke(certification, ["verify", str(record), "--key", public_key()]).exit_code == 1
