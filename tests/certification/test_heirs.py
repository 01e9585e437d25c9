"""Titles follow communities that merge or split, by the route's rule, with their history; figures too."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from greenward.certification import actions as standings
from greenward.certification.models import Participation, Pilot, Recheck, Title, TitleHolding
from greenward.certification.queries import heirs
from greenward.certification.queries.titles import history_of_title, lines_of
from greenward.core import audit
from greenward.core.models import AuditEntry
from greenward.packs.schema.route import Heirs
from greenward.programmes.models import Programme
from greenward.territories import actions
from greenward.territories.actions import NewPlace
from greenward.territories.models import Place
from tests.factories import recognition as make
from tests.factories.recognition import at_noon
from tests.factories.territories import COMMUNITY, SECOND

DAY, BEFORE, TODAY = date(2022, 9, 10), date(2022, 9, 9), date(2022, 9, 15)
WHEN: dict[str, Any] = {"on": DAY, "reason": "区政府批复", "by": None, "at": at_noon(TODAY)}
NEW = NewPlace("990101001101", "新里社区居委会")
HALF = NewPlace("990101001102", "半里社区居委会")


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = TODAY
    return make.scene()


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_to(merged: str = "all_held", split: str = "recheck") -> None:
        found = Heirs.model_validate({"merged": merged, "split": split, "own_rule": True})
        monkeypatch.setattr("greenward.certification.actions.inheriting.rule_of", lambda _programme: found)

    return set_to


def places(*codes: str) -> list[Place]:
    return [Place.objects.get(code=code) for code in codes]


def holders(title: Title, on: date) -> set[str]:
    found = TitleHolding.objects.filter(title=title, during__contains=on)
    return set(found.values_list("place__code", flat=True))


def happened(title: Title) -> list[tuple[str, str]]:
    return [(one.what, one.place.code) for one in history_of_title(title)]


def test_merged_where_all_held_keeps_the_first_title(programme: Programme) -> None:
    first, second = make.recognised(programme)
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    assert (holders(first, BEFORE), holders(first, DAY)) == ({COMMUNITY}, {NEW.code})
    assert (holders(second, BEFORE), holders(second, DAY)) == ({SECOND}, set())
    assert happened(first) == [("given", COMMUNITY), ("passed_on", NEW.code)]
    assert happened(second) == [("given", SECOND), ("lapsed", SECOND)]
    note = history_of_title(first)[-1].note
    assert note.startswith("一里社区居委会、二里社区居委会合并为新里社区居委会。")
    assert "本地规定，文件未规定" in note
    (line, other) = lines_of([first, second], TODAY)
    assert (line.name, line.is_held, other.ended) == ("新里社区居委会", True, "终止")
    entry = AuditEntry.objects.filter(action="certification.pass_on_titles").get()
    assert (entry.data["kept"], entry.data["ended"]) == ([first.number], [second.number])
    assert entry.data["own_rule"] is True
    assert audit.verify() == []


def test_merged_where_one_held_none_ends_it(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    assert (holders(title, BEFORE), holders(title, DAY)) == ({COMMUNITY}, set())
    assert happened(title)[-1] == ("lapsed", COMMUNITY)


def test_any_held_passes_it_on(programme: Programme, rule: Any) -> None:
    rule(merged="any_held")
    (title,) = make.recognised(programme, SECOND)
    actions.merge(places(SECOND), into=Place.objects.get(code=COMMUNITY), **WHEN)
    assert holders(title, DAY) == {COMMUNITY}


def test_who_takes_another_in_keeps_its_own(programme: Programme) -> None:
    first, second = make.recognised(programme)
    actions.merge(places(SECOND), into=Place.objects.get(code=COMMUNITY), **WHEN)
    assert (holders(first, DAY), holders(second, DAY)) == ({COMMUNITY}, set())
    assert happened(first) == [("given", COMMUNITY)]


def test_who_takes_in_one_without_a_title_loses_it_by_that_rule(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    actions.merge(places(SECOND), into=Place.objects.get(code=COMMUNITY), **WHEN)
    assert holders(title, DAY) == set()


def test_split_in_two_both_keep_it_and_are_rechecked_first(programme: Programme, client: Client) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    actions.split(places(COMMUNITY)[0], into=[NEW, HALF], **WHEN)
    assert (holders(title, BEFORE), holders(title, DAY)) == ({COMMUNITY}, {NEW.code, HALF.code})
    assert sorted(happened(title)) == [
        ("given", COMMUNITY),
        ("passed_on", NEW.code),
        ("passed_on", HALF.code),
    ]
    rechecks = Recheck.objects.filter(title=title)
    assert {(one.place.code, one.why, one.state) for one in rechecks} == {
        (NEW.code, "heir", "planned"),
        (HALF.code, "heir", "planned"),
    }
    page = client.get(f"/register/{title.code}/").content.decode()
    assert "新里社区居委会、半里社区居委会" in page
    assert "拆分后的社区都保留称号，并先复查" in page
    assert "新里社区居委会、半里社区居委会" in client.get("/register/").content.decode()


def test_split_off_leaves_the_old_one_with_it(programme: Programme, rule: Any) -> None:
    rule(split="all_keep")
    (title,) = make.recognised(programme, COMMUNITY)
    actions.split(places(COMMUNITY)[0], into=[NEW], keep=True, **WHEN)
    assert holders(title, DAY) == {COMMUNITY, NEW.code}
    assert happened(title) == [("given", COMMUNITY), ("passed_on", NEW.code)]
    assert not Recheck.objects.exists()


def test_split_that_lapses_ends_it_for_all(programme: Programme, rule: Any) -> None:
    rule(split="lapses")
    (title,) = make.recognised(programme, COMMUNITY)
    actions.split(places(COMMUNITY)[0], into=[NEW], keep=True, **WHEN)
    assert holders(title, DAY) == set()
    assert happened(title)[-1] == ("lapsed", COMMUNITY)


def test_an_open_recheck_is_made_anew_at_the_heir(programme: Programme) -> None:
    first, second = make.recognised(programme)
    for title in (first, second):
        Recheck.objects.create(title=title, place=title.place, why="risk", moved_at=at_noon(BEFORE))
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    found = {(one.title_id, one.place.code, one.state) for one in Recheck.objects.all()}
    assert found == {
        (first.pk, COMMUNITY, "lapsed"),
        (first.pk, NEW.code, "planned"),
        (second.pk, SECOND, "lapsed"),
    }
    assert Recheck.objects.filter(state="lapsed").first().moves.get().verb == "lapse"  # type: ignore[union-attr]


def test_without_a_rule_a_title_ends_with_its_community(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenward.certification.actions.inheriting.rule_of", lambda _programme: None)
    first, second = make.recognised(programme)
    actions.merge(places(SECOND), into=Place.objects.get(code=COMMUNITY), **WHEN)
    assert (holders(first, DAY), holders(second, DAY)) == ({COMMUNITY}, set())
    assert "方案没有规定" in history_of_title(second)[-1].note


def test_places_without_titles_leave_no_trace(programme: Programme) -> None:
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    assert not AuditEntry.objects.filter(action="certification.pass_on_titles").exists()


def standing(kind: type[Participation | Pilot], on: date) -> set[str]:
    return set(kind.objects.filter(during__contains=on).values_list("place__code", flat=True))


@pytest.fixture
def taking_part(programme: Programme) -> Any:
    def enrol(*codes: str, pilots: tuple[str, ...] = ()) -> None:
        asked = {
            "programme": programme,
            "on": date(2022, 3, 1),
            "reason": "测试",
            "by": None,
            "at": at_noon(BEFORE),
        }
        standings.enrol(places=[make.version(code) for code in codes], **asked)
        if pilots:
            standings.start_pilot(places=[make.version(code) for code in pilots], **asked)

    return enrol


def test_merged_where_all_took_part_takes_part(taking_part: Any) -> None:
    taking_part(COMMUNITY, SECOND, pilots=(COMMUNITY,))
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    assert (standing(Participation, BEFORE), standing(Participation, DAY)) == (
        {COMMUNITY, SECOND},
        {NEW.code},
    )
    assert (standing(Pilot, BEFORE), standing(Pilot, DAY)) == ({COMMUNITY}, set())
    ended = Participation.objects.get(place__code=SECOND)
    assert ended.ended_because == "一里社区居委会、二里社区居委会调整为新里社区居委会：区政府批复"
    assert Participation.objects.get(place__code=NEW.code).reason == ended.ended_because
    told = AuditEntry.objects.get(action="certification.continue_standings").data
    assert told["participation_begun"] == [Place.objects.get(code=NEW.code).pk]
    assert (told["pilot_begun"], len(told["pilot_ended"])) == ([], 1)
    assert audit.verify() == []


def test_merged_where_one_did_not_is_asked_anew(taking_part: Any) -> None:
    taking_part(COMMUNITY)
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    assert standing(Participation, DAY) == set()


def test_who_takes_another_in_keeps_what_it_has_and_gets_nothing(taking_part: Any) -> None:
    taking_part(COMMUNITY, SECOND, pilots=(SECOND,))
    actions.merge(places(SECOND), into=Place.objects.get(code=COMMUNITY), **WHEN)
    assert (standing(Participation, DAY), standing(Pilot, DAY)) == ({COMMUNITY}, set())
    assert Participation.objects.get(place__code=COMMUNITY).during.upper is None


@pytest.mark.parametrize(
    "parts,after", [([NEW], {COMMUNITY, NEW.code}), ([NEW, HALF], {NEW.code, HALF.code})]
)
def test_both_parts_of_a_split_take_part(taking_part: Any, parts: list[NewPlace], after: set[str]) -> None:
    taking_part(COMMUNITY, pilots=(COMMUNITY,))
    actions.split(places(COMMUNITY)[0], into=parts, keep=COMMUNITY in after, **WHEN)
    assert (standing(Participation, DAY), standing(Pilot, DAY)) == (after, after)


def test_what_began_after_the_day_is_held_for_a_day(taking_part: Any, programme: Programme) -> None:
    taking_part(COMMUNITY)
    asked: dict[str, Any] = {"programme": programme, "reason": "测试", "by": None, "at": at_noon(TODAY)}
    standings.enrol(places=[make.version(SECOND)], on=date(2022, 9, 12), **asked)
    actions.merge(places(COMMUNITY, SECOND), into=NEW, **WHEN)
    assert standing(Participation, date(2022, 9, 12)) == {SECOND}
    assert standing(Participation, date(2022, 9, 13)) == {NEW.code}


def test_the_rule_in_words_says_where_it_comes_from(programme: Programme) -> None:
    assert heirs.rule_in_force() == heirs.heirs_in_words(heirs.rule_of(programme))
    assert "本地规定，文件未规定" in heirs.rule_in_force()
    by_clause = Heirs.model_validate({"merged": "lapses", "split": "all_keep", "clause": "3.1.4"})
    assert heirs.heirs_in_words(by_clause) == "合并后称号终止。拆分后的社区都保留称号。（第 3.1.4 条）"
