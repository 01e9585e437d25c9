"""What counts as done: validity, conditions, every unit, confirmations, cases, boundaries, days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from greenward.packs.schema.forms import Form
from greenward.survey import actions, queries
from greenward.survey.models import Case, Entry, ImportFile, Round, Step
from greenward.survey.queries.coverage.asking import first_day
from greenward.survey.queries.coverage.listing import Wanted, lines, listed
from greenward.survey.states import Asks, CaseState, Way
from greenward.territories import actions as territories
from greenward.territories.models import Level, Place, PlaceVersion
from greenward.territories.queries import version_on
from tests.factories import survey as make
from tests.factories.programmes import programme
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    place_tree,
)

pytestmark = pytest.mark.django_db

BEFORE = datetime(2022, 5, 1, 2, tzinfo=UTC)


def form(
    level: str, *fields: Mapping[str, object], name: str = "", key: str | None = None, sort: str = ""
) -> Form:
    asked = tuple({"label": both(str(one["id"])), **one} for one in fields)
    return Form.model_validate(
        {
            "id": name or level,
            "title": both(name or level),
            "level": level,
            "key": key,
            "sort": sort or None,
            "sections": ({"id": "all", "title": both("全部"), "fields": asked},),
        }
    )


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


COMMUNITY_FORM = form(
    "community",
    {"id": "households", "type": "count", "required": True, "valid_months": 12, "holder": "civil-affairs"},
    {"id": "has_lift", "type": "bool", "required": True},
    {"id": "lifts", "type": "count", "required": True, "when": "has_lift"},
    {"id": "remark", "type": "text"},
)
COMPOUND_FORM = form(
    "compound",
    {"id": "name", "type": "text", "required": True},
    {"id": "old", "type": "bool", "required": True, "holder": "housing"},
    key="name",
)


def opened(code: str = "r2022", *forms: Form, **changes: object) -> Round:
    """Open a round of small forms."""
    if not Place.objects.exists():
        place_tree()
    held = Round.objects.select_related("programme").first()
    given: dict[str, object] = {
        "reference_on": date(2022, 5, 31), "opens_on": date(2022, 6, 1), "closes_on": date(2022, 6, 30)
    }  # fmt: skip
    return actions.open_round(
        programme=held.programme if held else programme(forms=forms or (COMMUNITY_FORM,)),
        code=code,
        title=code,
        **{**given, **changes},  # type: ignore[arg-type]  # dates, forms and asks by name
        by=None,
        at=make.AT,
    )


def at(code: str) -> PlaceVersion:
    version = version_on(Place.objects.get(code=code), make.TODAY)
    assert version is not None
    return version


def say(held: Round, values: Mapping[str, object], code: str = COMMUNITY, **fields: object) -> Entry:
    """Write an entry as it stands in the table, whoever brought it in."""
    place = Place.objects.get(code=code)
    given = {
        "round": held,
        "form": place.level,
        "level": place.level,
        "place": place,
        "at": make.AT,
        **fields,
    }
    return Entry.objects.create(values=values, **given)


def states(held: Round, code: str = COMMUNITY, day: date = make.TODAY) -> tuple[int, int]:
    covered = queries.coverage_of(held, at(code), day)
    return covered.done, covered.started


def row(held: Round, code: str = COMMUNITY, day: date = make.TODAY) -> dict[str, int]:
    found = queries.coverage.counts_of(held, day).under(at(code).path).row(0, named=True)
    return {name: found[name] for name in ("asked", "known", "expired", "left", "lacking")}


WHOLE = {"households": 5, "has_lift": False}


def test_a_condition_that_fails_asks_nothing_and_what_is_unknown_asks() -> None:
    held = opened()
    say(held, {"households": 5})
    assert (states(held), row(held)) == (
        (0, 1), {"asked": 4, "known": 0, "expired": 0, "left": 3, "lacking": 2}
    )  # fmt: skip
    say(held, {"has_lift": False})
    assert (states(held), row(held)["asked"]) == ((1, 0), 3)
    say(held, {"has_lift": True})
    assert (states(held), row(held)["lacking"]) == ((0, 1), 1)
    say(held, {"lifts": 0})
    assert states(held) == (1, 0)


@pytest.mark.parametrize("true_on, done", [(date(2021, 5, 30), 0), (date(2021, 5, 31), 1), (None, 1)])
def test_an_answer_holds_as_many_months_as_its_field_says(true_on: date | None, done: int) -> None:
    old = opened("r2021", opens_on=date(2021, 5, 1), closes_on=date(2021, 6, 30))
    held = opened()
    say(old, WHOLE, observed_on=true_on, at=BEFORE)
    say(held, {"remark": "甲"})
    assert states(held) == (done, 1 - done)
    assert row(held)["expired"] == 1 - done


def test_a_confirmation_makes_an_answer_valid_again() -> None:
    old = opened("r2021", opens_on=date(2021, 5, 1), closes_on=date(2021, 6, 30))
    held = opened()
    say(old, WHOLE, observed_on=date(2020, 1, 1), at=BEFORE)
    assert states(held) == (0, 0)
    say(held, {"households": 5})
    assert (states(held), row(held)) == (
        (1, 0), {"asked": 2, "known": 1, "expired": 1, "left": 1, "lacking": 0}
    )  # fmt: skip


def test_the_newest_word_counts_though_it_speaks_of_an_earlier_day() -> None:
    held = opened()
    say(held, WHOLE)
    assert states(held) == (1, 0)
    say(held, {"households": 6}, observed_on=date(2020, 1, 1))
    assert states(held) == (0, 1)


def test_a_value_taken_back_is_unknown_again() -> None:
    held = opened()
    say(held, {**WHOLE, "remark": "是 null 吗: null"})
    say(held, {"households": None})
    assert (states(held), row(held)["lacking"]) == ((0, 1), 1)


def test_who_asks_everything_takes_only_what_was_said_in_the_round() -> None:
    old = opened("r2021", opens_on=date(2022, 5, 1), closes_on=date(2022, 6, 30))
    held = opened(asks=Asks.EVERYTHING)
    say(old, WHOLE, at=BEFORE)
    assert row(held) == {"asked": 3, "known": 0, "expired": 2, "left": 3, "lacking": 2}
    say(held, {"households": 5})
    assert states(held) == (0, 1)
    say(held, {"has_lift": False})
    assert states(held) == (1, 0)


def test_only_the_rounds_forms_count() -> None:
    extra = form("community", {"id": "trees", "type": "count", "required": True}, name="extra")
    held = opened("r2022", COMMUNITY_FORM, extra)
    few = opened("few", forms=["community"])
    say(few, WHOLE)
    say(held, {"remark": "甲"})
    assert (states(few), states(held)) == ((1, 0), (0, 1))


def test_a_field_of_two_forms_is_asked_once() -> None:
    again = form(
        "community", {"id": "households", "type": "count"}, {"id": "trees", "type": "count"}, name="again"
    )
    held = opened("r2022", COMMUNITY_FORM, again)
    assert row(held)["asked"] == 5


def test_every_unit_must_be_whole_and_there_must_be_a_compound() -> None:
    held = opened("r2022", COMMUNITY_FORM, COMPOUND_FORM)
    say(held, WHOLE)
    assert states(held) == (0, 1)
    parent = Place.objects.get(code=COMMUNITY)
    territories.create_units(
        {parent: ["一号院", "二号院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT
    )
    assert row(held)["lacking"] == 4
    say(held, {"name": "一号院", "old": True}, f"{COMMUNITY}-001")
    assert states(held) == (0, 1)
    say(held, {"name": "二号院", "old": False}, f"{COMMUNITY}-002")
    assert states(held) == (1, 0)
    second = Place.objects.get(code=f"{COMMUNITY}-002")
    say(held, {"old": None}, second.code)
    assert states(held) == (0, 1)
    territories.withdraw_units([second], reason="测试", by=None, at=make.AT)
    assert states(held) == (1, 0)


def test_buildings_and_facilities_belong_to_their_community() -> None:
    building = form("building", {"id": "storeys", "type": "count", "required": True}, key="storeys")
    tree = form("facility", {"id": "number", "type": "text", "required": True}, key="number", name="tree",
                sort="old-tree")  # fmt: skip
    held = opened("r2022", COMMUNITY_FORM, building, tree)
    parent = Place.objects.get(code=COMMUNITY)
    units = territories.create_units
    compound = units({parent: ["一号院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT)[0].place
    block = units({compound: ["1号楼"]}, Level.BUILDING, reason="测试", by=None, at=make.AT)[0].place
    oak = units({parent: ["A1"]}, Level.FACILITY, sort="old-tree", reason="测试", by=None, at=make.AT)[
        0
    ].place
    units({parent: ["B1"]}, Level.FACILITY, sort="lift", reason="测试", by=None, at=make.AT)
    say(held, WHOLE)
    assert row(held)["lacking"] == 2
    say(held, {"storeys": 6}, block.code)
    assert row(held)["lacking"] == 1
    say(held, {"number": "A1"}, oak.code)
    assert states(held) == (1, 0)


def test_an_undone_import_left_nothing() -> None:
    held = opened()
    file = ImportFile.objects.create(
        round=held, form="community", file_name="台账.xlsx", digest="", at=make.AT
    )
    say(held, WHOLE, way=Way.WORKBOOK, file=file)
    assert states(held) == (1, 0)
    say(held, {"households": None, "has_lift": None}, way=Way.UNDO, file=file)
    assert states(held) == (0, 0)


def test_a_case_on_its_way_up_is_begun_and_done_where_all_was_known() -> None:
    old = opened("r2021", opens_on=date(2022, 4, 1), closes_on=date(2022, 6, 30))
    held = opened()
    say(old, WHOLE, at=BEFORE)
    assert states(held) == (0, 0)
    case = Case.objects.create(
        round=held, place=Place.objects.get(code=COMMUNITY), state=CaseState.SUBMITTED, moved_at=make.AT
    )
    Step.objects.create(case=case, verb="submit", state=CaseState.SUBMITTED, at=make.AT)
    assert (states(held), states(held, day=date(2022, 6, 14))) == ((1, 0), (0, 0))
    covered = queries.coverage_of(held, at(CITY), make.TODAY)
    assert covered.cases == {**dict.fromkeys(CaseState, 0), CaseState.FILLING: 3, CaseState.SUBMITTED: 1}


def test_boundaries_are_those_of_the_reference_date() -> None:
    held = opened("r2022", COMMUNITY_FORM, COMPOUND_FORM)
    parent = Place.objects.get(code=COMMUNITY)
    unit = territories.create_units({parent: ["一号院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT)[
        0
    ]
    say(held, WHOLE)
    say(held, {"name": "一号院", "old": True}, unit.place.code)
    territories.move(
        parent, to=Place.objects.get(code=OTHER_STREET), on=date(2022, 6, 10), reason="测试", by=None,
        at=make.AT,
    )  # fmt: skip
    rows = queries.coverage_below(held, at(DISTRICT), make.TODAY)
    assert [(one.place.place.code, one.due, one.done) for one in rows] == [
        (STREET, 2, 1),
        (OTHER_STREET, 1, 0),
    ]


def test_a_list_filters_searches_sorts_and_names() -> None:
    held = opened()
    say(held, WHOLE)
    say(held, {"remark": "甲"}, SECOND)
    counts = queries.coverage.counts_of(held, make.TODAY)
    path = at(DISTRICT).path

    def codes(**wanted: str) -> list[str]:
        return [line.code for line in lines(counts, listed(counts, path, Wanted(**wanted)))]

    assert codes() == [SECOND, OTHER_COMMUNITY]
    assert (codes(show="none"), codes(show="done"), codes(show="started")) == (
        [OTHER_COMMUNITY],
        [COMMUNITY],
        [SECOND],
    )
    assert codes(show="all", text="二里") == [SECOND]
    assert codes(show="not_submitted", sort="-left") == [OTHER_COMMUNITY, SECOND, COMMUNITY]
    line = lines(counts, listed(counts, path, Wanted(show="done")))[0]
    assert (line.name, line.street, line.who, line.left, line.asked) == (
        "一里社区居委会",
        "东街街道",
        "社区",
        1,
        3,
    )


@pytest.mark.parametrize(
    "reference, months, first",
    [
        (date(2022, 5, 31), 12, date(2021, 5, 31)),
        (date(2022, 3, 31), 1, date(2022, 3, 1)),
        (date(2024, 2, 29), 12, date(2023, 3, 1)),
        (date(2022, 2, 28), 1, date(2022, 1, 28)),
    ],
)
def test_the_first_day_that_reaches_the_reference_date(reference: date, months: int, first: date) -> None:
    assert first_day(reference, months) == first
