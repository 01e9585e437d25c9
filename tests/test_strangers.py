"""Every address of the product against people whom it does not concern (tests/addresses.py)."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from greenward.accounts.models import User
from greenward.assessment import actions as assessment
from greenward.certification import actions as certification
from greenward.certification.models import Application, Snapshot
from greenward.config.api import api
from greenward.core import clock
from greenward.evidence.actions import file_evidence, keep_file
from greenward.packs import actions as packs
from greenward.plans.models import PlanVersion
from greenward.survey import actions as survey
from greenward.survey.actions.cases import SentBack, move
from greenward.survey.actions.completeness import certify
from greenward.survey.models import Round
from greenward.survey.queries import form_of
from greenward.territories.models import Level, Place, PlaceVersion
from tests.addresses import ADDRESSES, NOWHERE, SUBMISSION, TRACED, Address, For, patterns
from tests.evidence.conftest import png
from tests.factories import judging as judge
from tests.factories import survey as make
from tests.factories.accounts import make_token, signed_in
from tests.factories.plans import planned, sent_of
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN,
    TOWN_COMMUNITY,
    VILLAGE,
    appoint,
    person,
)

HERE = {"district": DISTRICT, "street": STREET, "community": COMMUNITY, "other": SECOND}
THERE = {"district": OTHER_DISTRICT, "street": TOWN, "community": TOWN_COMMUNITY, "other": VILLAGE}
TRACES_HERE = ("990101", "甲区", "东街", "西街", "一里", "二里", "一号院")
TRACES_THERE = ("990102", "乙区", "河口", "河畔", "河边院")
READING = [one for one in ADDRESSES if one.method == "GET"]
WRITING = [one for one in ADDRESSES if one.method != "GET"]
CLOSED = [one for one in ADDRESSES if one.whom != For.ANYBODY]
BOOKKEEPING = {
    "django_session": "the session itself",
    "usersessions_usersession": "the list of one's sign-ins",
    "accounts_user": "the day of the last sign-in",
    "accounts_apitoken": "the day on which a token was last used",
    "accounts_apitokenevent": "the same, in its history",
    "core_auditentry": "the audit trail, which also holds sign-ins",
}


def named(address: Address) -> str:
    return f"{address.method} {address.path}"


each = pytest.mark.parametrize
WAYS = {
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "accepted": ("submit", "check", "accept"),
}
"""The moves that bring a fresh case into a state."""
PLANNED: dict[str, tuple[str, ...]] = {
    "planned": (),
    "approved": ("submit", "approve"),
    "filed_plan": ("submit", "approve", "file"),
}
"""The moves that bring a fresh plan as far."""
JUDGED = ("asked", "opined", "judged")
"""How far a judging comes."""


def kept_for(user: User | None) -> str:
    """Return the digest of an attachment that ``user`` handed in."""
    return keep_file("证明.pdf", b"%PDF-1.4\n%%EOF\n", by=user, at=clock.now()).digest


@dataclass
class World:
    """The small city, surveyed in both districts; a pilot community in each."""

    held: Round
    compounds: Mapping[str, str]
    draft: int = 0
    planned: PlanVersion | None = None

    def fill(self, address: Address, codes: Mapping[str, str], user: User | None) -> str:
        """Return the address with its codes; a workbook of ``user`` is uploaded where it names one."""
        mine = 999
        if "{mine}" in address.path and user is not None:
            content = make.workbook([["社区代码", "常住户数"], [codes["community"], 5]])
            made = survey.preview_import(
                self.held, "community", "台账.xlsx", content, by=user, at=clock.now()
            )
            mine = made.pk
            if "/undo" in address.path:
                survey.confirm_import(made, by=user, at=clock.now())
        if address.name == "survey:settle":
            place = Place.objects.get(code=codes["community"])
            survey.record_values(self.held, "community", place, {"population": 5}, by=None, at=clock.now())
        moved = self.move(address, codes)
        return address.path.format(
            **codes,
            **self.filed(address, codes),
            **moved,
            **self.plan(address, codes),
            **self.judging(address, codes),
            **self.application(address, codes),
            compound=self.compounds[codes["community"]],
            mine=mine,
            draft=self.draft,
            digest=kept_for(user) if "{digest}" in address.path else "",
        )

    def filed(self, address: Address, codes: Mapping[str, str]) -> dict[str, object]:
        """File the same content under both communities of the street, and a picture under one."""
        if not any(f"{{{name}}}" in address.path for name in ("filed", "use", "pair", "shown")):
            return {}
        content, picture = (
            keep_file(name, content, by=None, at=clock.now()).digest
            for name, content in (("证明.pdf", b"%PDF-1.4\n%%EOF\n"), ("现场.png", png()))
        )
        here, there = (get_place(codes[name]) for name in ("community", "other"))
        pair, use = (file_evidence(content, one, by=None, at=clock.now()).pk for one in (there, here))
        file_evidence(picture, here, by=None, at=clock.now())
        return {"filed": content, "use": use, "pair": pair, "shown": picture}

    def judging(self, address: Address, codes: Mapping[str, str]) -> dict[str, object]:
        """Ask for a judgement at the community, and bring it as far as the address asks."""
        stage = next((n for n, one in enumerate(JUDGED) if f"{{{one}}}" in address.path), None)
        if stage is None:
            return {}
        place = get_place(codes["community"])
        judging = judge.asked(place, self.held.programme.pack)
        if stage:
            judge.opined(judging, place, reviewer=person("a-reviewer"))
        if stage > 1:
            judge.decided(judging, place)
        return dict.fromkeys(JUDGED, judging.pk)

    def application(self, address: Address, codes: Mapping[str, str]) -> dict[str, object]:
        """Make an application of the community that waits for the district."""
        if "{application}" not in address.path:
            return {}
        place, at = get_place(codes["community"]), clock.now()
        made, fresh = Application.objects.get_or_create(
            programme=self.held.programme,
            place=place.place,
            defaults={"state": "recommended", "step": "review", "opened_at": at, "moved_at": at},
        )
        if fresh:
            held = {"code": place.place.code, "name": place.name, "path": place.path}
            content = {"community": held, "items": [], "attachments": [], "narrative": ""}
            Snapshot.objects.create(
                application=made, number=1, as_of=make.TODAY, content=content, signed_name="测试", at=at
            )
        return {"application": made.pk}

    def plan(self, address: Address, codes: Mapping[str, str]) -> dict[str, object]:
        """Bring the district's plan as far as the address asks."""
        for stage, verbs in PLANNED.items():
            if f"{{{stage}}}" in address.path:
                self.planned = planned(self.held, codes["district"], *verbs)
        return dict.fromkeys(PLANNED, codes["district"])

    def move(self, address: Address, codes: Mapping[str, str]) -> dict[str, object]:
        """Bring the community's survey into the state that the address names; return what fills it in."""
        for state, verbs in WAYS.items():
            if f"{{{state}}}" in address.path:
                self.step(codes["community"], *verbs)
        number = 999
        if "{complete}" in address.path or "{certificate}" in address.path:
            for code in {codes["community"], codes["other"]} - {VILLAGE}:
                if code not in self.compounds:
                    make.fill(self.held, code)
                self.step(code, *WAYS["accepted"])
        if "{certificate}" in address.path:
            street = PlaceVersion.objects.get(place__code=codes["street"])
            number = certify(self.held, street, by=None, at=clock.now()).pk
        filled = dict.fromkeys(WAYS, codes["community"])
        return {**filled, "complete": codes["street"], "certificate": number}

    def step(self, code: str, *verbs: str) -> None:
        """Let the system make moves with a community's survey."""
        for verb in verbs:
            fields = [SentBack(code, "households", "与派出所数不符")] if verb == "return" else []
            move(self.held, Place.objects.get(code=code), verb, by=None, at=clock.now(), fields=fields)

    def ask(self, client: Client, address: Address, path: str) -> Any:
        """Send the request as a permitted person would."""
        if address.method == "GET":
            return client.get(path)
        sends = dict(address.sends)
        if sends.get("community") == "{other}":
            sends["community"] = VILLAGE if THERE["street"] in path else SECOND
        if sends.get("seen") == "{seen}" and self.planned:
            sends["seen"] = self.planned.steps.latest("id").pk
        if "{application}" in sends.values():
            number = Application.objects.latest("pk").pk
            seen = {"case": f"{number}:1", "cases": [{"number": number, "seen": 1}]}
            sends |= {name: seen[name] for name in seen.keys() & sends.keys()}
        if sends.pop("plan", None) and self.planned:
            sends |= sent_of(self.planned)
        if sends.get("section"):
            form = form_of(self.held, "community")
            sends["section"] = next(
                s.id for s in form.sections if any(f.id == "households" for f in s.fields)
            )
        if sends.pop("file", None):
            content = make.workbook([["社区代码", "常住户数"], [COMMUNITY, 5]])
            return client.post(path, {**sends, "file": SimpleUploadedFile("台账.xlsx", content)})
        if sends.pop("submission", None):
            content = json.dumps(SUBMISSION).encode()
            return client.post(path, {**sends, "file": SimpleUploadedFile("kobo.json", content)})
        if path.startswith("/api/") or address.script:
            return client.generic(address.method, path, json.dumps(sends), content_type="application/json")
        return client.post(path, sends)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the city once; every test is a savepoint in its transaction."""
    with django_db_blocker.unblock(), override_settings(GREENWARD_TODAY=make.TODAY), transaction.atomic():
        yield made()
        transaction.set_rollback(True)


@pytest.fixture
def world(city: World, db: None) -> World:
    return city


def made() -> World:
    held = make.survey_round()
    make.fill(held, COMMUNITY)
    make.fill(held, TOWN_COMMUNITY, compound="河边院")
    compounds = {
        version.parent.code: version.place.code
        for version in PlaceVersion.objects.filter(place__level=Level.COMPOUND).select_related(
            "place", "parent"
        )
        if version.parent
    }
    standing = {
        "programme": held.programme,
        "on": date(2022, 1, 1),
        "reason": "测试",
        "by": None,
        "at": clock.now(),
    }
    places = [
        PlaceVersion.objects.select_related("place").get(place__code=c) for c in (COMMUNITY, TOWN_COMMUNITY)
    ]
    certification.enrol(places=places, **standing)
    certification.start_pilot(places=places, **standing)
    assessment.assess(programme=held.programme, as_of=make.TODAY, by=None, at=clock.now())
    connection.check_constraints()  # once here, or Django does it again after every test
    author = official("city_lead", CITY)
    author.username = "author-of-the-draft"
    author.save()
    draft = packs.begin(held.programme.pack, title="草稿", by=author, at=clock.now())
    return World(held, compounds, draft.pk)


def get_place(code: str) -> PlaceVersion:
    return PlaceVersion.objects.select_related("place").get(place__code=code)


def official(role: str, code: str) -> User:
    user = person(role)
    appoint(user, role, code)
    return user


def client_of(user: User, address: Address) -> Client:
    """Return the browser in which ``user`` is signed in; for writing through the API, a program of theirs."""
    if address.method == "GET" or not address.path.startswith("/api/"):
        return signed_in(user)
    return Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})


def text_of(answer: Any) -> str:
    """Return all text of an answer, that inside a workbook too."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    text: str = content.decode(errors="replace")
    return text


def kept() -> dict[str, tuple[int, str]]:
    """Return what every table holds, as a number of rows and a digest, without bookkeeping."""
    tables = [name for name in connection.introspection.table_names() if name not in BOOKKEEPING]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM \"{name}\" t"
                for name in tables
            )
        )
        return {name: (number, digest) for name, number, digest in cursor.fetchall()}


def test_every_pattern_is_listed() -> None:
    assert set(patterns()) - {one.name for one in ADDRESSES} == NOWHERE
    assert {one.name for one in ADDRESSES} - set(patterns()) == set()


def test_every_operation_of_the_api_is_listed() -> None:
    operations = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    addresses = [one for one in ADDRESSES if one.name.startswith("api:")]
    listed = {(one.method, f"/{resolve(one.path.partition('?')[0]).route}") for one in addresses}
    assert listed - operations == {("GET", "/api/v1/openapi.json")}
    assert operations - listed == set()


@each("address", CLOSED, ids=named)
def test_without_sign_in_nothing_is_told(world: World, address: Address) -> None:
    answer = world.ask(Client(), address, world.fill(address, HERE, None))
    if address.path.startswith("/api/") or address.script:
        assert answer.status_code in {401, 403}
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith(("/accounts/login/", "/public/"))


@each("address", READING, ids=named)
def test_without_an_appointment_no_place_is_told(world: World, address: Address) -> None:
    answer = world.ask(signed_in(person()), address, world.fill(address, HERE, None))
    refused = {For.PLACE: {404}, For.AUDITORS: {403, 404}}.get(address.whom, {200, 302, 403, 404, 405})
    assert answer.status_code in refused
    if address.whom != For.ANYBODY:
        told = text_of(answer)
        for code in HERE.values():  # what the asker wrote into the address themselves
            told = told.replace(code, "")
        assert [trace for trace in TRACES_HERE + TRACES_THERE if trace in told] == []


@each("address", [one for one in READING if one.whom in {For.PLACE, For.REACH}], ids=named)
def test_a_district_reads_its_own_and_nothing_of_the_next(world: World, address: Address) -> None:
    lead = official("district_lead", DISTRICT)
    own = world.ask(signed_in(lead), address, world.fill(address, HERE, lead))
    assert own.status_code == 200
    assert [trace for trace in TRACES_THERE if trace in text_of(own)] == []
    if "{" in address.path and "{mine}" not in address.path:
        beyond = world.ask(signed_in(lead), address, world.fill(address, THERE, lead))
        if address.whom == For.PLACE:
            assert beyond.status_code == 404
        assert [trace for trace in TRACES_THERE[1:] if trace in text_of(beyond)] == []


@each("address", [one for one in WRITING if one.whom == For.PLACE], ids=named)
def test_a_district_writes_nothing_in_the_next(world: World, address: Address) -> None:
    lead = official("district_lead", DISTRICT)
    client, path = client_of(lead, address), world.fill(address, THERE, lead)
    before = kept()
    assert (world.ask(client, address, path).status_code, kept()) == (404, before)


@each("address", [one for one in WRITING if one.whom in {For.PLACE, For.REACH}], ids=named)
def test_the_auditor_writes_nothing(world: World, address: Address) -> None:
    auditor, lead = official("auditor", CITY), official("district_lead", DISTRICT)
    client, path = client_of(auditor, address), world.fill(address, HERE, lead)
    before = kept()
    assert world.ask(client, address, path).status_code in {403, 404}
    assert kept() == before


@each("address", [one for one in WRITING if one.whom in {For.PLACE, For.REACH}], ids=named)
def test_the_same_request_of_who_may_is_taken(world: World, address: Address) -> None:
    lead = official(address.role, DISTRICT)
    client, path = client_of(lead, address), world.fill(address, HERE, lead)
    before = kept()
    assert world.ask(client, address, path).status_code in {200, 201, 302}
    assert kept() != before


@each("address", [one for one in WRITING if one.whom == For.DEPARTMENTS], ids=named)
@each("role,code", [("district_lead", DISTRICT), ("street_clerk", STREET), ("auditor", CITY)])
def test_who_feeds_for_no_department_feeds_nothing(
    world: World, address: Address, role: str, code: str
) -> None:
    client = client_of(official(role, code), address)
    before = kept()
    assert world.ask(client, address, address.path).status_code == 403
    assert kept() == before


@each("address", [one for one in ADDRESSES if one.whom == For.CITY], ids=named)
@each("role,code", [("district_lead", DISTRICT), ("auditor", CITY)])
def test_the_work_of_the_city_is_closed_to_others(
    world: World, address: Address, role: str, code: str
) -> None:
    other = official(role, code)
    client, path = client_of(other, address), world.fill(address, HERE, other)
    before = kept()
    assert world.ask(client, address, path).status_code in {403, 404}
    assert kept() == before


@each("address", [one for one in WRITING if one.whom == For.ONESELF], ids=named)
def test_nobody_reaches_anothers_account(world: World, address: Address) -> None:
    token, _plain = make_token(person("owner"), at=clock.now())
    client, path = signed_in(person()), address.path.replace("/1/", f"/{token.pk}/")
    before = kept(), token.revoked_at
    world.ask(client, address, path)
    token.refresh_from_db()
    assert (kept(), token.revoked_at) == before


def refusing_writes(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    words = sql.split(maxsplit=3)
    writes = words[0].upper() in {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY", "MERGE"}
    if writes and not any(f'"{table}"' in sql for table in BOOKKEEPING if table != "core_auditentry"):
        raise AssertionError(f"a reading request wrote: {sql[:200]}")
    return execute(sql, *rest)


def refusing_more_than_a_trace(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if any(f'"{table}"' in sql for table in ("core_auditentry", "core_audithead")):
        return execute(sql, *rest)
    return refusing_writes(execute, sql, *rest)


@pytest.fixture
def reader(world: World) -> User:
    lead = official("city_lead", CITY)
    appoint(lead, "district_lead", DISTRICT)
    return lead


@each("address", READING, ids=named)
def test_reading_writes_nothing(world: World, reader: User, address: Address) -> None:
    client, path = signed_in(reader), world.fill(address, HERE, reader)
    refusing = refusing_more_than_a_trace if address.name in TRACED else refusing_writes
    with connection.execute_wrapper(refusing):
        answer = client.get(path)
    assert answer.status_code < 500
