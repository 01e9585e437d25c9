"""The export page, its files, the dictionary, and field apps in the browser."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from greenward.accounts.models import User
from greenward.core.models import AuditEntry
from greenward.survey.models import Entry, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, STREET, appoint, person

pytestmark = pytest.mark.django_db
PAGE = "/survey/export/"
DAY = "as_of=2022-06-15"


@pytest.fixture
def held() -> Round:
    held = make.survey_round()
    make.fill(held, COMMUNITY)
    return held


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


@pytest.fixture
def lead(held: Round) -> Client:
    return signed_in(official("district_lead", DISTRICT))


def test_the_page_says_what_the_file_will_contain(lead: Client) -> None:
    page = lead.get(f"{PAGE}?{DAY}&subject=community").content.decode()
    assert "将包含" in page
    assert '<td class="number" data-label="行">3</td>' in page
    assert "空格是不知道，不是 0" in page
    assert "审计记录" in page


def test_htmx_gets_the_contents_alone(lead: Client) -> None:
    part = lead.get(f"{PAGE}?{DAY}", headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith('<div id="contents"')
    assert "<html" not in part


def test_formats_for_one_level_ask_for_a_level(lead: Client) -> None:
    page = lead.get(f"{PAGE}?{DAY}&format=csv").content.decode()
    assert "请选择层级" in page
    assert 'formaction="/survey/export/file/"' not in page
    assert lead.get(f"{PAGE}file/?{DAY}&format=csv").status_code == 422


def test_what_is_too_large_for_a_browser_says_so(lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from greenward.survey.exports import formats

    monkeypatch.setitem(formats.FORMATS, "xlsx", replace(formats.FORMATS["xlsx"], cells=10))
    assert "最多 10 格" in lead.get(f"{PAGE}?{DAY}").content.decode()
    assert lead.get(f"{PAGE}file/?{DAY}&format=xlsx").status_code == 422
    assert AuditEntry.objects.filter(action="survey.export").count() == 0


def test_people_who_do_not_survey_are_told_what_they_get_as_sums(held: Round) -> None:
    city = signed_in(official("city_lead", CITY))
    page = city.get(f"{PAGE}?{DAY}&subject=community").content.decode()
    assert "常住人口" in page
    clerk = signed_in(official("street_clerk", STREET))
    told = clerk.get(f"{PAGE}?{DAY}&subject=community").content.decode()
    assert re.search(r'<td data-label="只给街道合计">\s*—\s*</td>', told)


def test_files_come_under_their_name(lead: Client) -> None:
    answer = lead.get(f"{PAGE}file/?{DAY}&subject=community&format=csv&place={STREET}")
    assert (
        answer["Content-Disposition"] == f'attachment; filename="greenward-community-{STREET}-2022-06-15.csv"'
    )
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert AuditEntry.objects.get(action="survey.export").data["rows"] == 2


@pytest.mark.parametrize(
    "query", ["place=990102000000", "subject=moon", "form=moon", "format=doc", "wording=x"]
)
def test_wrong_questions_are_refused(lead: Client, query: str) -> None:
    assert lead.get(f"{PAGE}file/?{DAY}&{query}").status_code in {404, 422}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_the_dictionary_comes_in_three_forms(lead: Client, kind: str) -> None:
    answer = lead.get(f"{PAGE}dictionary.{kind}?{DAY}")
    assert answer.status_code == 200
    if kind == "json":
        fields = {row["code"]: row for row in json.loads(answer.content)["fields"]}
        assert fields["households"]["unit"] == "户"
        assert "必填" in fields["households"]["asked_by"] or fields["households"]["asked_by"]
        assert fields["water_supply"]["choices"].startswith("good=好")
    if kind == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")


def test_the_dictionary_is_printable_and_knows_other_forms_not(lead: Client) -> None:
    page = lead.get(f"{PAGE}dictionary/?{DAY}").content.decode()
    assert "<code>households</code>" in page
    assert lead.get(f"{PAGE}dictionary.doc?{DAY}").status_code == 404


def sent(client: Client, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{PAGE}submissions/r2022/", {"form": "community", "file": file})


def test_submissions_are_told_one_by_one(held: Round, settings: Any) -> None:
    settings.GREENWARD_TODAY = make.TODAY
    clerk = signed_in(official("street_clerk", STREET))
    rows = [
        {"place/place_community": COMMUNITY, "g_people/households": 800, "_uuid": "one"},
        {"place/place_community": "990102100001", "g_people/households": 800, "_uuid": "two"},
    ]
    page = sent(clerk, "kobo.json", json.dumps(rows).encode())
    text = page.content.decode()
    assert page.status_code == 200
    assert "已记录 1" in text
    assert "未收下 1" in text
    assert text.index("990102100001") < text.index("一里社区居委会")
    entry = Entry.objects.order_by("-id").first()
    assert entry is not None
    assert entry.values == {"households": 800}


def test_a_file_that_cannot_be_read_is_told_on_the_page(held: Round, settings: Any) -> None:
    settings.GREENWARD_TODAY = make.TODAY
    clerk = signed_in(official("street_clerk", STREET))
    page = sent(clerk, "kobo.json", b"{")
    assert (page.status_code, "JSON 无法读取" in page.content.decode()) == (422, True)
    auditor = signed_in(official("auditor", CITY))
    assert sent(auditor, "kobo.json", b"[]").status_code == 403


def test_an_xlsform_comes_with_the_places_of_the_reach(held: Round, settings: Any) -> None:
    settings.GREENWARD_TODAY = make.TODAY
    clerk = signed_in(official("street_clerk", STREET))
    answer = clerk.get(f"{PAGE}xlsform/r2022/community.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="greenward_community-r2022.xlsx"'
    assert AuditEntry.objects.get(action="survey.export_xlsform").data["form"] == "community"
    assert clerk.get(f"{PAGE}xlsform/r2022/moon.xlsx").status_code == 404
    assert clerk.get(f"{PAGE}xlsform/r2022/community.xlsx?place={DISTRICT}").status_code == 404


def test_the_export_page_of_a_community_leads_to_its_own_file(held: Round) -> None:
    Entry.objects.create(
        round=held,
        form="community",
        level="community",
        place=Place.objects.get(code=COMMUNITY),
        values={"population": 10},
        at=datetime(2022, 6, 15, tzinfo=UTC),
    )
    clerk = signed_in(official("street_clerk", STREET))
    page = clerk.get(f"{PAGE}?{DAY}&place={COMMUNITY}").content.decode()
    assert f"/survey/export/places/{COMMUNITY}/" in page
