"""Recording values: typed, with provenance, merged between people, refused without a trace."""

from datetime import date, timedelta

import pytest

from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey import actions
from greenward.survey.answers.checks import ContradictionError
from greenward.survey.events import values_recorded
from greenward.survey.models import Entry, Round
from greenward.survey.queries import form_of, values_of
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, OTHER_STREET, STREET, appoint, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    return make.survey_round()


@pytest.fixture
def community(held: Round) -> Place:
    return Place.objects.get(code=COMMUNITY)


def known(held: Round, place: Place, day: date = make.TODAY) -> dict[str, object]:
    return {name: value.value for name, value in values_of(place, form_of(held, "community"), day).items()}


def record(held: Round, place: Place, values: dict[str, object], **more: object) -> Entry | None:
    options = {"by": None, "at": make.AT, **more}
    return actions.record_values(held, "community", place, values, **options)


def test_values_are_typed_and_say_who_and_when(held: Round, community: Place) -> None:
    clerk = person("clerk", display_name="街道经办人")
    appoint(clerk, "street_clerk", STREET)
    record(held, community, {"households": "１，200 户", "water_supply": "良好"}, by=clerk)
    values = values_of(community, form_of(held, "community"), make.TODAY)
    assert {name: (v.value, v.source, v.on) for name, v in values.items()} == {
        "households": (1200, "街道经办人 填报", make.TODAY),
        "water_supply": ("good", "街道经办人 填报", make.TODAY),
    }


def test_only_what_is_new_makes_an_entry(held: Round, community: Place) -> None:
    record(held, community, {"households": 10, "population": 20})
    entry = record(held, community, {"households": 10, "population": 21})
    assert entry is not None
    assert entry.values == {"population": 21}
    assert record(held, community, {"households": 10, "population": 21}) is None
    assert Entry.objects.count() == 2


def test_a_new_round_confirms_what_an_earlier_one_knew(held: Round, community: Place) -> None:
    record(held, community, {"households": 10})
    later = make.survey_round("r2022b")
    entry = record(later, community, {"households": 10})
    assert entry is not None
    assert entry.values == {"households": 10}


def test_as_of_a_day_is_what_was_entered_until_then(held: Round, community: Place) -> None:
    record(held, community, {"households": 10})
    record(held, community, {"households": 11}, at=make.AT + timedelta(days=2))
    assert known(held, community, make.TODAY - timedelta(days=1)) == {}
    assert known(held, community, make.TODAY + timedelta(days=1)) == {"households": 10}
    assert known(held, community, make.TODAY + timedelta(days=2)) == {"households": 11}


def test_null_takes_a_value_back(held: Round, community: Place) -> None:
    record(held, community, {"households": 10})
    record(held, community, {"households": None})
    assert known(held, community) == {}


def test_every_wrong_field_is_named_and_nothing_is_written(held: Round, community: Place) -> None:
    with pytest.raises(InvalidInputError) as caught:
        record(
            held,
            community,
            {"households": "许多", "co_creation_mechanism": "或许", "no_such": 1, "population": 5},
        )
    codes = {name: problem["code"] for name, problem in caught.value.data["fields"].items()}  # type: ignore[attr-defined]
    assert codes == {
        "households": "not_a_number",
        "co_creation_mechanism": "not_a_bool",
        "no_such": "unknown_field",
    }
    assert not Entry.objects.exists()


def test_two_people_change_different_fields_and_both_stay(held: Round, community: Place) -> None:
    first = record(held, community, {"households": 10, "population": 20})
    assert first is not None
    record(held, community, {"households": 11})
    record(held, community, {"households": 10, "population": 25}, seen=first.pk)
    assert known(held, community) == {"households": 11, "population": 25}


def test_two_people_change_the_same_field_and_the_second_sees_both(held: Round, community: Place) -> None:
    first = record(held, community, {"households": 10})
    assert first is not None
    record(held, community, {"households": 11})
    with pytest.raises(ConflictError) as caught:
        record(held, community, {"households": 12}, seen=first.pk)
    clash = caught.value.data["fields"]["households"]  # type: ignore[index]
    assert (clash["yours"], clash["theirs"]) == (12, 11)
    assert known(held, community) == {"households": 11}


def test_a_stranger_changes_nothing(held: Round, community: Place) -> None:
    clerk = person("neighbour")
    appoint(clerk, "street_clerk", OTHER_STREET)
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowedError):
        record(held, community, {"households": 10}, by=clerk)
    assert (Entry.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_a_closed_round_takes_nothing(held: Round, community: Place) -> None:
    actions.close_round(held, by=None, at=make.AT)
    with pytest.raises(ConflictError):
        record(held, community, {"households": 10})
    assert not Entry.objects.exists()


def test_a_round_takes_nothing_before_it_begins(held: Round, community: Place) -> None:
    with pytest.raises(ConflictError):
        record(held, community, {"households": 10}, at=make.AT - timedelta(days=30))


def test_only_the_city_opens_rounds(held: Round) -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    with pytest.raises(NotAllowedError):
        actions.open_round(
            programme=held.programme,
            code="mine",
            title="x",
            reference_on=make.TODAY,
            opens_on=make.TODAY,
            closes_on=make.TODAY,
            by=clerk,
            at=make.AT,
        )
    assert Round.objects.count() == 1


def test_listeners_learn_the_community(
    held: Round, community: Place, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[list[int]] = []

    def listen(sender: object, places: list[int], **_: object) -> None:
        heard.append(places)

    values_recorded.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        record(held, community, {"households": 10})
        actions.add_unit(held, "compound", community, {"name": "一号院"}, by=None, at=make.AT)
    values_recorded.disconnect(listen)
    assert heard == [[community.pk], [community.pk]]


def test_a_compound_gets_the_next_code_and_its_values(held: Round, community: Place) -> None:
    made = [
        actions.add_unit(held, "compound", community, {"name": name, "buildings": 3}, by=None, at=make.AT)
        for name in ("一号院", "二号院")
    ]
    assert [version.place.code for version in made] == [f"{COMMUNITY}-001", f"{COMMUNITY}-002"]
    values = values_of(made[1].place, form_of(held, "compound"), make.TODAY)
    assert {name: value.value for name, value in values.items()} == {"name": "二号院", "buildings": 3}


def test_a_compound_with_a_wrong_value_is_not_made(held: Round, community: Place) -> None:
    with pytest.raises(InvalidInputError):
        actions.add_unit(
            held, "compound", community, {"name": "一号院", "buildings": "几栋"}, by=None, at=make.AT
        )
    assert not Place.objects.filter(level="compound").exists()


def test_a_contradiction_is_refused_beside_what_is_known(held: Round, community: Place) -> None:
    record(held, community, {"population": 5})
    with pytest.raises(ContradictionError) as caught:
        record(held, community, {"population_60": 6})
    assert str(caught.value.detail) == (
        "填写的内容互相矛盾，没有保存：60岁及以上人口多于常住人口（常住人口 5人、60岁及以上人口 6人）。"
    )
    assert caught.value.data["checks"] == {"older-residents": ["population", "population_60"]}
    assert known(held, community) == {"population": 5}
    record(held, community, {"population": 6, "population_60": 6})
    assert known(held, community) == {"population": 6, "population_60": 6}


def test_unknown_answers_contradict_nothing(held: Round, community: Place) -> None:
    record(held, community, {"population": 5, "population_60": None})
    record(held, community, {"population": None})
    record(held, community, {"population_60": 6})
    assert known(held, community) == {"population_60": 6}


def test_only_checks_of_touched_fields_refuse(held: Round, community: Place) -> None:
    kept = {"population": 5, "population_60": 6}  # as an older edition without the check left it
    Entry.objects.create(round=held, form="community", place=community, values=kept, at=make.AT)
    record(held, community, {"co_creation_mechanism": True})
    with pytest.raises(ContradictionError):
        record(held, community, {"population": 4})
    assert known(held, community) == {**kept, "co_creation_mechanism": True}


def test_a_warning_refuses_nothing(held: Round, community: Place) -> None:
    record(held, community, {"households": 9, "population": 5})
    assert known(held, community) == {"households": 9, "population": 5}


def test_a_compound_that_contradicts_itself_is_not_made(held: Round, community: Place) -> None:
    answers = {"name": "一号院", "parking_spaces": 3, "charging_spaces": 4}
    with pytest.raises(ContradictionError):
        actions.add_unit(held, "compound", community, answers, by=None, at=make.AT)
    assert not Place.objects.filter(level="compound").exists()


def test_a_number_beyond_reckoning_is_refused(held: Round, community: Place) -> None:
    with pytest.raises(InvalidInputError) as caught:
        record(held, community, {"land_area_m2": "1e30"})
    assert caught.value.data["fields"] == {
        "land_area_m2": {"code": "out_of_range", "message": "数字过大，请核对单位和位数。"}
    }
    assert not Entry.objects.exists()
