"""The form's page: what it asks and what it does not, sections sent without JavaScript, units, odd cases."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.core import clock
from greenward.packs.schema.forms import Field
from greenward.survey import actions
from greenward.survey.models import Entry, Round
from greenward.survey.queries import form_of
from greenward.survey.states import AskState
from greenward.survey.web.forms import Part, Question
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import CITY, COMMUNITY, OTHER_COMMUNITY, STREET, appoint, person

pytestmark = pytest.mark.django_db

FORM = f"/survey/r2022/{COMMUNITY}/"
COMPOUND = f"/survey/r2022/{COMMUNITY}-001/"


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def browser(role: str = "street_clerk", place: str = STREET) -> Client:
    user = person(f"{role}-{place}")
    appoint(user, role, place)
    return signed_in(user)


def here() -> Place:
    return Place.objects.get(code=COMMUNITY)


def record(held: Round, **values: object) -> None:
    actions.record_values(held, "community", here(), values, by=None, at=make.AT)


def part_with(page: Any, field: str) -> Part:
    parts: list[Part] = page.context["parts"]
    return next(one for one in parts if any(question.field.id == field for question in one.questions))


def question_of(page: Any, field: str) -> Question:
    return next(one for one in part_with(page, field).questions if one.field.id == field)


def section_of(held: Round, field: str, form: str = "community") -> str:
    sections = form_of(held, form).sections
    return next(one.id for one in sections if any(held.id == field for held in one.fields))


def first_of(held: Round, kind: str) -> tuple[str, Field]:
    """Return a form of the round and its first field of a type, which the pack must have."""
    for form in ("community", "compound", "building", "old-tree", "drainage-spot", "lift", "heritage-site"):
        for field in form_of(held, form).fields:
            if field.type == kind and field.when is None:
                return form, field
    raise AssertionError(f"no field of type {kind}")


def test_the_form_asks_with_unit_help_source_and_reason(held: Round) -> None:
    record(held, households=12)
    page = browser().get(FORM)
    text = page.content.decode()
    for said in ("常住户数", '<span class="unit">户</span>', "系统载入 · 2022-06-15", "为什么问这个", "未知"):
        assert said in text
    assert question_of(page, "households").asked.state == AskState.ANSWERED
    assert page["X-Greenward-Keep"] == "1"
    assert page["Cache-Control"] == "no-store"


def test_what_is_known_and_valid_is_folded_and_not_asked(held: Round) -> None:
    record(held, households=12)
    later = make.survey_round("r2023", reference_on=date(2022, 6, 20), opens_on=date(2022, 6, 20))
    page = browser().get(f"/survey/{later.code}/{COMMUNITY}/")
    part = part_with(page, "households")
    assert [one.field.id for one in part.known] == ["households"]
    assert "households" not in [one.field.id for one in part.asked]
    assert "已知（1 项）" in page.content.decode()


def test_what_has_expired_is_asked_with_its_old_value_beside(held: Round) -> None:
    field = next(one for one in form_of(held, "community").fields if one.valid_months == 12)
    assert field.id == "households"
    record(held, households=12)
    later = make.survey_round("r2024", reference_on=date(2024, 5, 31), opens_on=date(2022, 6, 20))
    address = f"/survey/{later.code}/{COMMUNITY}/"
    client = browser()
    question = question_of(client.get(address), "households")
    assert (question.asked.state, question.control, question.shown) == (AskState.EXPIRED, "", "12户")
    section = section_of(held, "households")
    before = Entry.objects.count()
    client.post(address, {"section": section, "seen": "9", "households": ""})
    assert Entry.objects.count() == before
    client.post(address, {"section": section, "seen": "9", "households": "", "confirm": "households"})
    newest = Entry.objects.latest("id")
    assert (newest.round, newest.values) == (later, {"households": 12})


def test_a_section_is_saved_without_javascript(held: Round) -> None:
    section = section_of(held, "households")
    sent = {"section": section, "seen": "0", "households": "1,200", "population": ""}
    answer = browser().post(FORM, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{FORM}#{section}")
    assert Entry.objects.get().values == {"households": 1200}


def test_an_error_stands_at_its_field_and_nothing_is_saved(held: Round) -> None:
    sent = {"section": section_of(held, "households"), "seen": "0", "households": "许多", "population": "5"}
    answer = browser().post(FORM, sent)
    assert answer.status_code == 422
    assert question_of(answer, "households").problem == "应填数字，例如 1200；没有就填 0，不清楚时留空。"
    assert question_of(answer, "population").control == "5"
    assert 'value="许多"' in answer.content.decode()
    assert "X-Greenward-Keep" not in answer
    assert not Entry.objects.exists()


def test_a_clash_shows_the_other_value_and_a_second_save_decides(held: Round) -> None:
    record(held, households=7)
    client, section = browser(), section_of(held, "households")
    answer = client.post(FORM, {"section": section, "seen": "0", "households": "9"})
    assert answer.status_code == 409
    assert "别人刚改为“7户”" in answer.content.decode()
    again = {"section": section, "seen": str(answer.context["seen"]), "households": "9"}
    assert client.post(FORM, again).status_code == 302
    assert Entry.objects.latest("id").values == {"households": 9}


def test_what_was_left_alone_never_overwrites_a_newer_value(held: Round) -> None:
    record(held, households=7)
    seen = Entry.objects.get().pk
    record(held, households=8)
    sent = {
        "section": section_of(held, "households"),
        "seen": str(seen),
        "households": "7",
        "population": "3",
    }
    assert browser().post(FORM, sent).status_code == 302
    assert Entry.objects.latest("id").values == {"population": 3}


def test_a_contradiction_stands_at_its_fields_and_keeps_what_was_typed(held: Round) -> None:
    sent = {
        "section": section_of(held, "population"),
        "seen": "0",
        "population": "5",
        "population_60": " 6 人",
    }
    answer = browser().post(FORM, sent)
    assert "60岁及以上人口多于常住人口（常住人口 5人、60岁及以上人口 6人）" in answer.content.decode()
    assert (answer.status_code, question_of(answer, "population_60").control) == (422, "6 人")
    assert not Entry.objects.exists()


def test_a_warning_asks_for_its_reason_which_goes_along(held: Round) -> None:
    client, section = browser(), section_of(held, "households")
    sent = {"section": section, "seen": "0", "households": "9", "population": "5"}
    page = client.post(FORM, sent, follow=True)
    assert "请核对：<span data-sentence>常住人口少于常住户数" in page.content.decode()
    reasoned = {"section": section, "seen": str(page.context["seen"]), "reason-people-and-households": "空置"}
    page = client.post(FORM, reasoned, follow=True)
    warned = part_with(page, "households").warnings
    assert [(one.broken.check.id, one.reason) for one in warned] == [("people-and-households", "空置")]
    assert Entry.objects.latest("id").reasons == {"people-and-households": "空置"}


def test_who_only_reads_saves_nothing(held: Round) -> None:
    client = browser("auditor", CITY)
    text = client.get(FORM).content.decode()
    assert ("保存“" in text, "data-survey" in text) == (False, False)
    sent = {"section": section_of(held, "households"), "seen": "0", "households": "9"}
    assert client.post(FORM, sent).status_code == 403
    assert not Entry.objects.exists()


def test_a_unit_is_added_once_and_listed_with_its_progress(held: Round) -> None:
    client = browser()
    answer = client.post(f"{FORM}units/", {"form": "compound", "name": "一号院"})
    assert answer.headers["Location"] == COMPOUND
    assert client.get(COMPOUND).status_code == 200
    client.post(f"{FORM}units/", {"form": "compound", "name": "一号院"})
    assert Place.objects.filter(level="compound").count() == 1
    (compounds, *_rest) = client.get(FORM).context["units"]
    (line,) = compounds.page.object_list
    assert (compounds.total, compounds.complete, line.answered, line.total > 1) == (1, 0, 1, True)


def test_units_of_every_level_stand_under_their_parents(held: Round) -> None:
    client = browser()
    client.post(f"{FORM}units/", {"form": "compound", "name": "一号院"})
    assert [one.form.id for one in client.get(COMPOUND).context["units"]] == ["building"]
    client.post(f"{COMPOUND}units/", {"form": "building", "name": "1号楼"})
    client.post(f"{FORM}units/", {"form": "old-tree", "name": "A-1"})
    tree = Place.objects.get(level="facility")
    page = client.get(f"/survey/r2022/{tree.code}/")
    assert (page.status_code, page.context["form"].id) == (200, "old-tree")
    listed = {one.form.id: one.total for one in client.get(FORM).context["units"]}
    assert listed["compound"] == listed["old-tree"] == 1


def test_a_form_with_many_units_asks_the_database_as_often(held: Round) -> None:
    client = browser()
    make.fill(held, COMMUNITY)
    client.get(FORM)
    counts = []
    for name in ("二号院", "三号院"):
        actions.add_unit(held, "compound", here(), {"name": name}, by=None, at=make.AT)
        with CaptureQueriesContext(connection) as captured:
            client.get(FORM)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_table_is_sent_row_by_row(held: Round) -> None:
    form, field = first_of(held, "table")
    assert form == "community"
    text = next(one.id for one in field.columns if one.type == "text")
    sent = {
        "section": section_of(held, field.id),
        "seen": "0",
        f"{field.id}.0.{text}": "甲",
        f"{field.id}.4.{text}": "乙",
    }
    client = browser()
    assert client.post(FORM, sent).status_code == 302
    assert Entry.objects.get().values == {field.id: [{text: "甲"}, {text: "乙"}]}
    question = question_of(client.get(FORM), field.id)
    assert [[cell.value for cell in row if cell.column.id == text] for row in question.rows] == [
        ["甲"],
        ["乙"],
        [""],
    ]
    assert client.post(FORM, {**sent, "seen": "99"}, follow=True).status_code == 200
    assert Entry.objects.count() == 1


def test_a_file_is_kept_and_its_digest_is_the_answer(held: Round) -> None:
    form, field = first_of(held, "file")
    place = here() if form == "community" else None
    if place is None:
        actions.add_unit(held, form, here(), {form_of(held, form).key or "": "甲"}, by=None, at=make.AT)
        place = Place.objects.exclude(level__in=["city", "district", "subdistrict", "community"]).get()
    pdf = SimpleUploadedFile("照片.pdf", b"%PDF-1.4\n%%EOF\n")
    sent = {"section": section_of(held, field.id, form), "seen": "99", f"{field.id}.file": pdf}
    client = browser()
    answer = client.post(f"/survey/r2022/{place.code}/", sent)
    assert answer.status_code == 302
    digest = Entry.objects.latest("id").values[field.id]
    assert len(digest) == 64
    assert client.get(f"/survey/files/{place.code}/{digest}/").status_code == 200


def test_the_form_asked_for_is_shown_and_odd_names_do_not_matter(held: Round) -> None:
    client = browser()
    for name, shown in (("community", "community"), ("nothing", "community"), ("", "community")):
        assert client.get(f"{FORM}?form={name}").context["form"].id == shown
    assert client.get("/survey/r2022/110000000000/").status_code == 404
    assert client.get(f"/survey/r2022/{OTHER_COMMUNITY}/").status_code == 404
    assert client.get(f"/survey/r2022/{STREET}/").status_code == 404


def test_a_closed_round_is_read_only(held: Round) -> None:
    actions.close_round(held, by=None, at=clock.now())
    text = browser().get(FORM).content.decode()
    assert ("本轮已关闭，只能查看。" in text, "data-survey" in text) == (True, False)
