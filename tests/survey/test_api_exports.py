"""Exports and field apps by API and on the command line."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from django.test import Client

from greenward.core import clock
from greenward.survey.cli import survey
from greenward.survey.models import Entry, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import make_token
from tests.factories.territories import CITY, COMMUNITY, OTHER_STREET, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db
API = "/api/v1/survey/"
ONE = {"place/place_community": COMMUNITY, "g_people/households": 800, "_uuid": "one"}


@pytest.fixture
def held(settings: Any) -> Round:
    settings.GREENWARD_TODAY = make.TODAY
    held = make.survey_round()
    make.fill(held, COMMUNITY)
    return held


def caller(role: str | None, place: str = STREET) -> Client:
    user = person(f"{role}-{place}")
    if role:
        appoint(user, role, place)
    return Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})


def test_pages_give_values_with_their_sources(held: Round) -> None:
    clerk = caller("street_clerk")
    page = clerk.get(f"{API}export?fields=households,water_supply&sources=true&limit=1").json()
    assert (page["total"], page["under"], page["level"], page["withheld"]) == (2, STREET, "community", [])
    (row,) = page["rows"]
    assert (row["code"], row["values"], row["above"]["subdistrict"]) == (
        COMMUNITY,
        {"households": 12},
        STREET,
    )
    assert row["sources"]["households"] == {
        "source": "系统载入",
        "on": "2022-06-15",
        "confirmed_on": None,
        "entry": Entry.objects.order_by("id")[0].pk,
    }
    after = clerk.get(f"{API}export?fields=households&after={page['next']}").json()
    assert ([one["code"] for one in after["rows"]], after["rows"][0]["values"], after["next"]) == (
        [SECOND],
        {},
        None,
    )


def test_who_does_not_survey_gets_sums(held: Round, settings: Any) -> None:
    settings.GREENWARD_FEWEST_PLACES = 2
    for code, number in ((COMMUNITY, 100), (SECOND, 200)):
        Entry.objects.create(
            round=held, form="community", level="community", place=Place.objects.get(code=code),
            values={"population": number}, at=make.AT,
        )  # fmt: skip
    city = caller("city_lead", CITY)
    page = city.get(f"{API}export?fields=population").json()
    assert (page["withheld"], {str(row["values"]) for row in page["rows"]}) == (["population"], {"{}"})
    sums = {one["street"]: one for one in city.get(f"{API}export/sums?fields=population").json()}
    assert (sums[STREET]["total"], sums[STREET]["known"]) == (300, 2)
    assert caller("street_clerk").get(f"{API}export/sums?fields=population").json() == []


def test_files_by_api(held: Round) -> None:
    clerk = caller("street_clerk")
    answer = clerk.get(f"{API}export/file?fields=households")
    frame = pl.read_parquet(b"".join(answer.streaming_content))
    assert frame["households"].to_list() == [12, None]
    assert clerk.get(f"{API}export/file?level=&kind=csv").status_code == 422
    assert clerk.get(f"{API}export/file?kind=doc").status_code == 404
    assert clerk.get(f"{API}export?under={OTHER_STREET}").status_code == 404
    assert clerk.get(f"{API}export?limit=100000").status_code == 422
    assert caller(None).get(f"{API}export").status_code == 404


def test_the_dictionary_by_api(held: Round) -> None:
    codes = {row["code"] for row in caller(None).get(f"{API}dictionary").json()}
    assert {"households", "position"} <= codes


def test_submissions_by_api_count_once(held: Round) -> None:
    clerk = caller("street_clerk")
    xml = (
        '<data id="greenward_community" version="v1"><place><place_community>'
        f"{COMMUNITY}</place_community></place><households>801</households>"
        "<meta><instanceID>uuid:3f0a3f4e-0000-4000-8000-000000000001</instanceID></meta></data>"
    )
    path = f"{API}rounds/r2022/submissions"
    before = Entry.objects.count()
    (first,) = clerk.post(path, xml, content_type="text/xml").json()
    (again,) = clerk.post(path, xml, content_type="text/xml").json()
    assert (first["outcome"], again["outcome"]) == ("recorded", "repeated")
    assert (first["entry"], Entry.objects.count()) == (again["entry"], before + 1)
    listed = clerk.post(path, json.dumps([ONE, {**ONE, "_uuid": ""}]), content_type="application/json").json()
    assert [one["outcome"] for one in listed] == ["recorded", "refused"]


def test_what_is_wholly_refused_is_a_refusal(held: Round) -> None:
    neighbour, path = caller("street_clerk", OTHER_STREET), f"{API}rounds/r2022/submissions"
    answer = neighbour.post(path, json.dumps(ONE), content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["data"]["submissions"][0]["problem"] == "not_found"
    for body in (b"{", b'"\\u0000"', b'["\\ud800"]', b"[1]"):
        assert neighbour.post(path, body, content_type="application/json").status_code == 422
    assert caller(None).post(path, json.dumps(ONE), content_type="application/json").status_code == 403
    assert not Entry.objects.filter(values__households=800).exists()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(survey, list(arguments), catch_exceptions=False)


def test_the_command_line_writes_files(held: Round, tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    told = json.loads(run("export", "values", "--out", str(out), "--as-of", "2022-06-15", "--json").output)
    assert (told["format"], told["rows"]) == ("csv.zip", 5)
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as archive:
        assert "community.csv" in archive.namelist()
    for name, command in (
        ("d.xlsx", ["dictionary"]),
        ("d.csv", ["dictionary"]),
        ("f.pdf", ["own-file", COMMUNITY]),
    ):
        file = tmp_path / name
        assert run("export", *command, "--out", str(file), "--as-of", "2022-06-15").exit_code == 0
        assert file.stat().st_size > 1000


def test_the_command_line_makes_forms_and_takes_submissions(held: Round, tmp_path: Path) -> None:
    out = tmp_path / "form.xlsx"
    told = json.loads(run("xlsform", "make", "r2022", "--out", str(out), "--json").output)
    assert (told["form_id"], told["rules_left"], told["fields_left"]) == (
        "greenward_community",
        [],
        ["convention_text"],
    )
    file = tmp_path / "kobo.json"
    file.write_text(json.dumps([ONE, {**ONE, "place/place_community": "1", "_uuid": "two"}]))
    taken = run("xlsform", "import", "r2022", str(file), "--json")
    assert taken.exit_code == 1
    counts = json.loads(taken.output)
    assert (counts["recorded"], counts["refused"], counts["problems"][0]["code"]) == (1, 1, "not_found")
