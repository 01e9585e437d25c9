"""What field apps collected: read from every shape, recorded exactly once, refused row by row."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.packs.schema.forms import Form
from greenward.survey import actions
from greenward.survey.actions.submissions import Taken, record_submissions
from greenward.survey.models import Entry, Round
from greenward.survey.queries import form_of, values_of
from greenward.survey.states import Way
from greenward.survey.xlsform.reading import SubmissionsError, read_file, read_json, read_xml
from greenward.survey.xlsform.received import Submission
from greenward.territories.models import Level, Place, PlaceVersion
from tests.factories import survey as make
from tests.factories.territories import (
    COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db
NUMBER, ANOTHER = "3f0a3f4e-0000-4000-8000-000000000001", "3f0a3f4e-0000-4000-8000-000000000002"
SCHOOLS = [{"name": "一小", "kind": "primary"}, {"name": "二幼", "kind": "kindergarten"}]
XML = f"""<?xml version="1.0"?>
<data xmlns:jr="http://openrosa.org/javarosa" id="greenward_community" version="r2022-abc">
  <started>2022-06-15T08:00:00.000+08:00</started><observed_on>2022-06-14</observed_on>
  <greenward_round>r2022</greenward_round><greenward_form>community</greenward_form>
  <place><place_district/><place_community>{COMMUNITY}</place_community></place>
  <g_people><households>1200</households><population/></g_people>
  <g_infrastructure><water_supply>good</water_supply></g_infrastructure>
  <g_mechanism><co_creation_mechanism>yes</co_creation_mechanism></g_mechanism>
  <g_culture>
    <schools><schools_name>一小</schools_name><schools_kind>primary</schools_kind></schools>
    <schools><schools_name>二幼</schools_name><schools_kind>kindergarten</schools_kind></schools>
  </g_culture>
  <meta><instanceID>uuid:{NUMBER}</instanceID></meta>
</data>"""
FLAT: dict[str, Any] = {
    "started": "2022-06-15T08:00:00.000+08:00",
    "observed_on": "2022-06-14",
    "greenward_round": "r2022",
    "greenward_form": "community",
    "place/place_community": COMMUNITY,
    "g_people/households": "1200",
    "g_people/population": "",
    "g_infrastructure/water_supply": "good",
    "g_mechanism/co_creation_mechanism": "yes",
}
EXPECTED = {
    "households": "1200",
    "water_supply": "good",
    "co_creation_mechanism": "yes",
    "schools": SCHOOLS,
}


@pytest.fixture
def held() -> Round:
    return make.survey_round()


@pytest.fixture
def form(held: Round) -> Form:
    return form_of(held, "community")


def take(
    held: Round, found: list[Submission], *, by: User | None = None, form_id: str = "community"
) -> list[Taken]:
    return record_submissions(held, form_id, found, by=by, at=make.AT)


def kobo(*, head: str = "_uuid") -> bytes:
    repeats = [
        [f"g_culture/schools/schools_{name}" for name in ("name", "kind")]
        + ["_parent_index", "_submission__uuid"]
    ]
    repeats += [[row["name"], row["kind"], 1, NUMBER] for row in SCHOOLS]
    main = [[*FLAT, "_index", head], [*FLAT.values(), 1, NUMBER]]
    return make.workbook(main, sheet="社区", more={"schools": repeats})


def central() -> bytes:
    columns = [key.replace("/", "-") for key in FLAT]
    lines = [",".join([*columns, "KEY"]), ",".join([*FLAT.values(), f"uuid:{NUMBER}"])]
    rows = [f"{row['name']},{row['kind']},uuid:{NUMBER},uuid:{NUMBER}/{n}" for n, row in enumerate(SCHOOLS)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("greenward_community.csv", "\n".join(lines))
        archive.writestr(
            "greenward_community-schools.csv",
            "\n".join(["schools_name,schools_kind,PARENT_KEY,KEY", *rows]),
        )
    return buffer.getvalue()


def in_json() -> bytes:
    repeats = [{f"g_culture/schools/schools_{name}": cell for name, cell in row.items()} for row in SCHOOLS]
    one = {**FLAT, "g_culture/schools": repeats, "_uuid": NUMBER, "_geolocation": [None, None]}
    return json.dumps({"count": 1, "results": [one]}, ensure_ascii=False).encode()


def odata() -> bytes:
    nested: dict[str, Any] = {"__id": f"uuid:{NUMBER}", "__system": {"households": 7}}
    for key, value in FLAT.items():
        group, _slash, name = key.rpartition("/")
        (nested.setdefault(group, {}) if group else nested)[name] = value or None
    nested["g_culture"] = {
        "schools": [{f"schools_{name}": cell for name, cell in row.items()} for row in SCHOOLS]
    }
    return json.dumps({"value": [nested]}).encode()


@pytest.mark.parametrize(
    "name,content",
    [
        ("instance.xml", XML.encode()),
        ("kobo.xlsx", kobo()),
        ("central.zip", central()),
        ("kobo.json", in_json()),
        ("odata.json", odata()),
    ],
)
def test_every_shape_gives_the_same_submission(form: Form, name: str, content: bytes) -> None:
    (one,) = read_file(name, content, form)
    assert one.number == UUID(NUMBER)
    assert (one.round, one.form, one.observed_on) == ("r2022", "community", date(2022, 6, 14))
    assert one.started == datetime(2022, 6, 15, tzinfo=UTC)
    assert one.places == {"place_community": COMMUNITY}
    assert one.values == EXPECTED


def test_a_submission_becomes_an_entry_of_the_field_app(held: Round, form: Form) -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    (done,) = take(held, [read_xml(XML, form)], by=clerk)
    entry = Entry.objects.get()
    assert (done.outcome, done.entry, done.code) == ("recorded", entry.pk, COMMUNITY)
    assert (entry.way, entry.origin, entry.by) == (Way.FIELD_APP, "community r2022-abc", clerk)
    assert (entry.request, entry.observed_on) == (UUID(NUMBER), date(2022, 6, 14))
    assert entry.values == {
        "households": 1200,
        "water_supply": "good",
        "co_creation_mechanism": True,
        "schools": SCHOOLS,
    }


def test_sent_again_in_another_shape_by_another_clerk_it_counts_once(held: Round, form: Form) -> None:
    first, second = person("first"), person("second")
    for one in (first, second):
        appoint(one, "street_clerk", STREET)
    take(held, [read_xml(XML, form)], by=first)
    again = take(held, [read_xml(XML, form), *read_file("kobo.xlsx", kobo(), form)], by=second)
    assert [one.outcome for one in again] == ["repeated", "repeated"]
    assert Entry.objects.count() == 1


def test_a_bad_row_is_told_and_keeps_the_others(held: Round, form: Form) -> None:
    rows = [
        {**FLAT, "_uuid": NUMBER},
        {**FLAT, "g_people/households": "-5", "_uuid": ANOTHER},
        {**FLAT, "place/place_community": TOWN_COMMUNITY, "_uuid": ANOTHER},
        {**FLAT, "greenward_round": "r2021", "_uuid": ANOTHER},
        {**FLAT},
        {"_uuid": ANOTHER, "place/place_community": COMMUNITY},
    ]
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    done = take(held, read_json(rows, form), by=clerk)
    assert [one.outcome for one in done] == ["recorded", *["refused"] * 5]
    assert [one.label for one in done] == [f"第{n}条" for n in range(1, 7)]
    assert list(done[1].fields) == ["households"]
    assert [one.problem for one in done[2:]] == ["not_found", "conflict", "invalid_input", "invalid_input"]
    assert Entry.objects.count() == 1
    audited = AuditEntry.objects.get(action="survey.record_submissions")
    assert audited.data["outcomes"] == {"recorded": 1, "unchanged": 0, "repeated": 0, "refused": 5}


def test_a_newer_value_is_not_overwritten_unseen(held: Round, form: Form) -> None:
    community = Place.objects.get(code=COMMUNITY)
    later = datetime(2022, 6, 15, 1, tzinfo=UTC)
    actions.record_values(held, "community", community, {"households": 900}, by=None, at=later)
    (done,) = take(held, [read_xml(XML, form)])
    assert (done.outcome, done.problem) == ("refused", "conflict")
    assert "900" in done.fields["households"]
    assert "1200" in done.fields["households"]
    assert values_of(community, form, make.TODAY)["households"].value == 900


def test_a_day_to_come_is_refused(held: Round, form: Form) -> None:
    rows = [{**FLAT, "observed_on": "2023-01-01", "_uuid": NUMBER}]
    (done,) = take(held, read_json(rows, form))
    assert (done.outcome, Entry.objects.count()) == ("refused", 0)


def unit(name: str, number: str, **more: Any) -> dict[str, Any]:
    return {"place/place_community": COMMUNITY, "g_identity/name": name, "_uuid": number, **more}


def test_units_are_found_by_code_or_name_or_made(held: Round) -> None:
    make.fill(held, COMMUNITY, compound="一号院")
    form = form_of(held, "compound")
    rows = [
        unit("一号院", NUMBER, **{"g_x/buildings": "3"}),
        unit("新院", ANOTHER, **{"g_x/buildings": "4"}),
        unit("", str(UUID(int=3)), **{"place/place_compound": f"{COMMUNITY}-001", "g_x/buildings": "5"}),
        unit("", str(UUID(int=4)), **{"g_x/buildings": "6"}),
    ]
    done = take(held, read_json(rows, form), form_id="compound")
    assert [one.outcome for one in done] == ["recorded", "recorded", "recorded", "refused"]
    assert [one.code for one in done[:3]] == [f"{COMMUNITY}-001", f"{COMMUNITY}-002", f"{COMMUNITY}-001"]
    again = take(held, read_json(rows[:2], form), form_id="compound")
    assert [one.outcome for one in again] == ["repeated", "repeated"]
    assert PlaceVersion.objects.filter(place__level=Level.COMPOUND).count() == 2


def test_a_refused_new_unit_leaves_nothing_behind(held: Round) -> None:
    form = form_of(held, "compound")
    rows = [unit("新院", NUMBER, **{"g_x/buildings": "many"})]
    (done,) = take(held, read_json(rows, form), form_id="compound")
    assert done.outcome == "refused"
    assert not PlaceVersion.objects.filter(place__level=Level.COMPOUND).exists()


@pytest.mark.parametrize(
    "shape",
    [
        {"position": "39.9087 116.3975 0 5"},
        {"position-Latitude": "39.9087", "position-Longitude": "116.3975"},
        {"position": {"type": "Point", "coordinates": [116.3975, 39.9087, 0]}},
    ],
)
def test_points_come_with_latitude_first(held: Round, shape: dict[str, Any]) -> None:
    form = form_of(held, "old-tree")
    key = str(form.key)
    rows = [{"place/place_community": SECOND, key: "110101A00001", "_uuid": NUMBER, **shape}]
    (done,) = take(held, read_json(rows, form), form_id="old-tree")
    assert (done.outcome, done.message) == ("recorded", "")
    assert Entry.objects.get().values["position"] == "116.39750,39.90870"


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><data><x>&b;</x></data>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><data/>',
        b"<data",
        b'<data id="another"/>',
        b"\xff\xfe\x00",
    ],
)
def test_hostile_or_foreign_xml_is_refused(form: Form, content: bytes) -> None:
    with pytest.raises(SubmissionsError):
        read_xml(content, form)


def test_what_holds_no_submissions_is_refused(form: Form) -> None:
    for name, content in (
        ("a.json", b"[1]"),
        ("a.json", b"{"),
        ("a.zip", b"no zip"),
        ("a.xlsx", make.workbook([["甲", "乙"], [1, 2]])),
    ):
        with pytest.raises(SubmissionsError):
            read_file(name, content, form)


def test_strangers_and_closed_rounds_take_nothing(held: Round, form: Form) -> None:
    neighbour = person("neighbour")
    appoint(neighbour, "street_clerk", OTHER_STREET)
    with pytest.raises(NotAllowedError):
        take(held, [read_xml(XML, form)], by=person("stranger"))
    (done,) = take(held, [read_xml(XML, form)], by=neighbour)
    assert (done.outcome, done.problem) == ("refused", "not_found")
    actions.close_round(held, by=None, at=make.AT)
    with pytest.raises(ConflictError):
        take(held, [read_xml(XML, form)])
    assert Entry.objects.count() == 0
