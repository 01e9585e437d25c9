"""Pilots: proposals with reasons, unknown is not zero, old and new; wishes, support, lessons."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.assessment.facts import registry
from greenward.certification import actions as certification
from greenward.certification.models import Pilot
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.models import AuditEntry
from greenward.duties.queries import held_below, todos_for
from greenward.evidence.models import Use
from greenward.packs.schema.facts import Fact, FromRecords
from greenward.packs.schema.shape import Bilingual
from greenward.pilots import actions, queries
from greenward.pilots.actions import WORK, Told
from greenward.pilots.events import RECORDS
from greenward.pilots.models import Lesson, Support, Wish
from greenward.pilots.queries import ages, ranking
from greenward.pilots.queries.ranking import StreetProposals
from greenward.pilots.queries.support import STREAM
from greenward.pilots.states import Age, SupportKind, WishKind
from greenward.programmes import queries as programmes_of
from tests.factories import programmes, territories
from tests.factories.accounts import signed_in
from tests.factories.assessment import ALL_MET, told_facts
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    OTHER_STREET,
    SECOND,
    STREET,
    TOWN,
    TOWN_COMMUNITY,
)
from tests.plans.conftest import Scene, official

TODAY = date(2022, 9, 15)
LESSON = Told("停车共享", "车位不足", "与单位错时共享", "占压消除", "周边有单位车位", item="8")


@pytest.fixture
def scene(db: None, settings: Settings) -> Iterator[Scene]:
    settings.GREENWARD_TODAY = TODAY
    cache.clear()
    with told_facts() as facts:
        places = territories.place_tree()
        made = Scene(
            programmes.programme(),
            facts,
            official("lead", "district_lead", DISTRICT),
            official("clerk", "street_clerk", STREET),
            official("city", "city_lead", CITY),
            official("stranger", "district_lead", OTHER_DISTRICT),
        )
        facts.tell(places[COMMUNITY], **ALL_MET)
        facts.tell(places[SECOND], **{**ALL_MET, "smart_security": False, "deliberations_last_year": 0})
        yield made
    cache.clear()


def streets(scene: Scene) -> dict[str, StreetProposals]:
    return {s.street.code: s for s in queries.street_proposals(scene.version(CITY).path, TODAY)}


def wish(scene: Scene, code: str, agreed: int | None = 60, asked: int | None = 80) -> Wish:
    return actions.record_wish(
        scene.version(code),
        programme=scene.programme,
        kind=WishKind.SIGNATURES,
        held_on=date(2022, 6, 1),
        agreed=agreed,
        asked=asked,
        by=None,
        at=clock.now(),
    )


def start(scene: Scene, *codes: str) -> None:
    certification.start_pilot(
        programme=scene.programme,
        places=[scene.version(code) for code in codes],
        on=date(2021, 11, 10),
        reason="测试",
        by=None,
        at=clock.now(),
    )


def test_reasons_have_numbers_and_sources(scene: Scene) -> None:
    wish(scene, COMMUNITY)
    best = streets(scene)[STREET].candidates[0]
    willing, active, ground = best.reasons
    assert best.code == COMMUNITY
    assert (willing.least, willing.most) == (0.75, 0.75)
    assert "80中60同意" in willing.text
    assert (round(active.least, 3), active.least == active.most) == (round((4 / 6 + 2 / 4) / 2, 3), True)
    assert ground.least == ground.most == 1.0
    assert "未达标0，资料不全0" in ground.text
    assert "2022-09-15" in ground.source


def test_what_is_missing_is_unknown_and_not_zero(scene: Scene) -> None:
    found = {one.code: one for one in streets(scene)[STREET].candidates}
    one = found[COMMUNITY]
    assert one.reasons[0].is_unknown
    assert (round(one.least), round(one.most)) == (
        round(100 * (0.3 * 7 / 12 + 0.3)),
        round(100 * (0.4 + 0.3 * 7 / 12 + 0.3)),
    )
    assert one.score == pytest.approx(100 * (0.3 * 7 / 12 + 0.3) / 0.6)
    nothing = streets(scene)[OTHER_STREET].candidates[0]
    assert (nothing.score, nothing.least, round(nothing.most)) == (None, 0, 100)


def test_quota_and_its_exceptions(scene: Scene) -> None:
    start(scene, COMMUNITY)
    found = streets(scene)
    assert (found[STREET].pilots, found[STREET].missing, found[STREET].exception) == (1, 1, "")
    assert found[OTHER_STREET].missing == 1
    assert "只有1个社区" in found[OTHER_STREET].exception
    assert (found[TOWN].missing, "不是街道" in found[TOWN].exception) == (0, True)


def test_an_old_and_a_new_one_are_proposed_where_there_are_both(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(scene, COMMUNITY)
    kinds = {scene.version(COMMUNITY).place_id: Age.NEW, scene.version(SECOND).place_id: Age.OLD}
    monkeypatch.setattr(ranking, "ages_of", lambda *_rest: kinds)
    second = streets(scene)[STREET].candidates[1]
    assert (second.code, bool(second.proposed)) == (SECOND, True)


def test_the_mix_displaces_the_last_of_the_same_age(scene: Scene) -> None:
    one = streets(scene)[STREET].candidates[0]
    ranked = [replace(one, code=str(n), age=age) for n, age in enumerate((Age.NEW, Age.NEW, Age.OLD, None))]
    marked = ranking._proposed(ranked, 2)  # noqa: SLF001 - the pure rule
    assert [bool(c.proposed) for c in marked] == [True, False, True, False]
    assert "新老兼顾" in marked[2].proposed


def test_the_year_between_old_and_new(scene: Scene) -> None:
    pack = queries.policy_on(TODAY)[1]
    assert ages.ages_of(pack, [], 2000, TODAY) == {}
    assert ages.ages_of(pack, [scene.version(COMMUNITY).place_id], 2000, TODAY) == {}


def test_ranking_asks_no_more_with_more_streets(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for path in (scene.version(STREET).path, scene.version(CITY).path):
        queries.street_proposals(path, TODAY)
        with django_assert_num_queries(8):
            queries.street_proposals(path, TODAY)


def test_a_wish_files_its_minutes_as_a_record_of_daily_work(scene: Scene) -> None:
    browser = signed_in(scene.second)
    file = SimpleUploadedFile("纪要.pdf", b"%PDF-1.4\n%%EOF\n")
    sent = {"kind": "meeting", "held_on": "2022-06-01", "asked": "80", "agreed": "60", "file": file}
    assert browser.post(f"/pilots/communities/{COMMUNITY}/wishes/", sent).status_code == 302
    made = Wish.objects.get()
    assert (made.use, Use.objects.get().source) == (Use.objects.get(), WORK)
    assert "纪要.pdf" in browser.get(f"/pilots/communities/{COMMUNITY}/").content.decode()


def test_more_cannot_agree_than_were_asked(scene: Scene) -> None:
    with pytest.raises(InvalidInputError):
        wish(scene, COMMUNITY, agreed=81)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.create(
            programme=scene.programme, place=scene.version(COMMUNITY).place, kind="meeting",
            held_on=TODAY, agreed=2, asked=1, at=clock.now(),
        )  # fmt: skip
    assert Wish.objects.count() == 0


def test_support_is_for_pilots(scene: Scene) -> None:
    given = {
        "programme": scene.programme, "kind": SupportKind.VISIT, "given_on": date(2022, 6, 1), "text": "指导",
        "by": scene.second, "at": clock.now(),
    }  # fmt: skip
    with pytest.raises(ConflictError):
        actions.support(scene.version(COMMUNITY), **given)
    start(scene, COMMUNITY)
    actions.support(scene.version(COMMUNITY), **given)
    assert Support.objects.count() == 1


def test_who_may_not_records_nothing(scene: Scene) -> None:
    start(scene, COMMUNITY)
    place, before = scene.version(COMMUNITY), AuditEntry.objects.count()
    shared = {"programme": scene.programme, "by": scene.city, "at": clock.now()}
    with pytest.raises(NotAllowedError):
        actions.tell_lesson(place, LESSON, **shared)
    with pytest.raises(NotAllowedError):
        actions.support(place, kind=SupportKind.VISIT, given_on=TODAY, text="指导", **shared)
    assert (Lesson.objects.count(), Support.objects.count(), AuditEntry.objects.count()) == (0, 0, before)


def tell(scene: Scene, **changes: object) -> Lesson:
    start(scene, COMMUNITY)
    return actions.tell_lesson(
        scene.version(COMMUNITY),
        replace(LESSON, **changes),  # type: ignore[arg-type]  # as given
        programme=scene.programme,
        by=scene.second,
        at=clock.now(),
    )


def test_a_lesson_is_for_the_district_until_the_city_shares_it(scene: Scene) -> None:
    lesson = tell(scene)
    worker = official("worker", "community_worker", OTHER_COMMUNITY)
    far = official("far", "community_worker", TOWN_COMMUNITY)
    read = lambda user: list(queries.lessons_for(user, scene.programme, TODAY))  # noqa: E731 - short
    assert [read(user) for user in (worker, scene.city, far, scene.stranger)] == [[lesson], [lesson], [], []]
    with pytest.raises(NotFoundError):
        queries.get_lesson_for(far, scene.programme, lesson.pk, TODAY)
    with pytest.raises(NotAllowedError):
        actions.share(lesson, scene.version(COMMUNITY), by=scene.drafter, at=clock.now())
    assert signed_in(scene.city).post(f"/pilots/lessons/{lesson.pk}/share/").status_code == 302
    assert read(far) == [lesson]


def test_lessons_for_what_a_community_lacks_come_first(scene: Scene) -> None:
    helps = tell(scene, item="11", title="智能安防")
    other = actions.tell_lesson(
        scene.version(COMMUNITY), LESSON, programme=scene.programme, by=None, at=clock.now()
    )
    lacking = queries.lacking_at(scene.version(SECOND), queries.policy_on(TODAY)[1], TODAY)
    found = queries.lessons_for(scene.drafter, scene.programme, TODAY)
    shown = queries.shown_of(scene.drafter, found, TODAY, helps=lacking)
    assert "11" in lacking
    assert [one.lesson for one in shown] == [helps, other]
    assert "第11条" in shown[0].why


def test_lessons_are_found_by_words_item_and_age(scene: Scene) -> None:
    lesson = tell(scene, age=Age.OLD.value)
    found = queries.lessons_for(scene.drafter, scene.programme, TODAY)
    assert list(queries.search(found, text="错时 车位")) == [lesson]
    assert list(queries.search(found, text="电梯")) == []
    assert list(queries.search(found, item="8", age="old")) == [lesson]
    assert list(queries.search(found, age="new")) == []


def test_a_measured_effect_is_whole(scene: Scene) -> None:
    with pytest.raises(InvalidInputError):
        tell(scene, before=Decimal(3))
    lesson = actions.tell_lesson(
        scene.version(COMMUNITY),
        replace(LESSON, before=Decimal(12), after=Decimal(0), unit="处"),
        programme=scene.programme, by=None, at=clock.now(),
    )  # fmt: skip
    assert (lesson.before, lesson.after, lesson.unit) == (12, 0, "处")


def test_only_a_pilot_has_lessons(scene: Scene) -> None:
    with pytest.raises(ConflictError):
        actions.tell_lesson(scene.version(SECOND), LESSON, programme=scene.programme, by=None, at=clock.now())


def test_the_district_chooses_from_the_proposals(scene: Scene) -> None:
    browser = signed_in(scene.drafter)
    page = browser.get(f"/pilots/{DISTRICT}/").content.decode()
    assert [word for word in ("建议", "未知", "东街街道", "本地自定") if word not in page] == []
    sent = {"on": "2022-09-15", "reason": "甲政发〔2022〕2号", "community": [COMMUNITY, SECOND]}
    assert browser.post(f"/pilots/{DISTRICT}/choose/", sent).status_code == 302
    assert Pilot.objects.count() == 2
    again = browser.post(f"/pilots/{DISTRICT}/choose/", {**sent, "reason": "不要丢"})
    assert (again.status_code, "不要丢" in again.content.decode()) == (409, True)
    done = browser.post(f"/pilots/communities/{SECOND}/conclude/", {"on": "2022-09-15", "reason": "完成"})
    assert (done.status_code, Pilot.objects.filter(during__endswith=None).count()) == (409, 2)


def test_the_list_is_taken_away_with_its_reasons(scene: Scene) -> None:
    wish(scene, COMMUNITY)
    table = signed_in(scene.drafter).get(f"/pilots/{DISTRICT}/?export=csv").content.decode()
    assert "willingness_reason" in table
    assert "80中60同意" in table


def test_a_street_sees_its_own_streets_only(scene: Scene) -> None:
    browser = signed_in(scene.second)
    assert browser.get("/pilots/")["Location"] == f"/pilots/{STREET}/"
    page = browser.get(f"/pilots/{STREET}/").content.decode()
    assert ("东街街道" in page, "西街街道" in page, "启动选中的社区" in page) == (True, False, False)
    assert browser.get(f"/pilots/{DISTRICT}/").status_code == 404
    assert (
        browser.post(
            f"/pilots/{STREET}/choose/", {"on": "2022-09-15", "reason": "x", "community": COMMUNITY}
        ).status_code
        == 403
    )


def test_districts_are_asked_for_the_pilots_that_streets_owe(scene: Scene) -> None:
    def asked(user: User) -> list[tuple[str, int, str]]:
        found = todos_for(User.objects.get(pk=user.pk), TODAY)
        return [(one.where, one.count, one.url) for one in found if one.kind == "pilots"]

    def held(user: User) -> list[tuple[str, int, int]]:
        lines = held_below(User.objects.get(pk=user.pk), TODAY)
        return [
            (line.place.short_name, one.count, one.overdue)
            for line in lines
            for one in line.held
            if one.kind == "pilots"
        ]

    lead, clerk, city = scene.drafter, scene.second, scene.city
    assert asked(lead) == [("甲区", 3, f"/pilots/{DISTRICT}/")]
    assert (asked(clerk), asked(city), held(lead)) == ([], [], [])
    assert held(city) == [("甲区", 3, 3)]
    certification.start_pilot(
        programme=scene.programme,
        places=[scene.version(code) for code in (COMMUNITY, SECOND, OTHER_COMMUNITY)],
        on=TODAY,
        reason="测试",
        by=None,
        at=clock.now(),
    )
    assert (asked(lead), held(city)) == ([], [])


def test_support_is_a_fact_that_a_standard_may_count(scene: Scene) -> None:
    start(scene, COMMUNITY)
    for kind, day in ((SupportKind.VISIT, date(2021, 12, 1)), (SupportKind.TRAINING, date(2022, 5, 1))):
        actions.support(
            scene.version(COMMUNITY),
            programme=scene.programme,
            kind=kind,
            given_on=day,
            text="到点指导",
            by=None,
            at=clock.now(),
        )
    label = Bilingual(zh="支持", en="Support")
    asked = [
        Fact(
            id=f"s{number}",
            label=label,
            type="count",
            origin=FromRecords(records=RECORDS, gives="count", **by),
        )
        for number, by in enumerate(({}, {"kind": "visit"}, {"months": 6}, {"kind": "works"}))
    ]
    pack = programmes_of.policy(scene.programme)
    ids = [scene.version(code).place_id for code in (COMMUNITY, SECOND)]
    frame = registry.frame_of(pack, asked, TODAY, ids)
    assert [frame[one.id].to_list() for one in asked] == [[2, None], [1, None], [1, None], [None, None]]
    told = registry.explained(pack, asked[2:3], TODAY, ids[0])["s2"]
    assert (told.value, told.on, told.source) == (
        1,
        date(2022, 5, 1),
        "对试点的支持 1 份，2022-03-15 至 2022-09-15",
    )
    naming = pack.model_copy(update={"facts": (*pack.facts, asked[0])})
    assert registry.touched_since({}, TODAY, naming) >= {ids[0]}
    assert registry.marks(TODAY, naming)[STREAM] == Support.objects.latest("id").pk
    assert STREAM not in registry.marks(TODAY, pack)
