"""What certification asks of whom: one list after the other, by when, why; who holds a case that is stuck."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.actions.objection import handle_objection
from greenward.certification.actions.recheck import move_recheck, plan_rechecks
from greenward.certification.actions.recommending import SentBack
from greenward.certification.models import Application, Countersign, Seat, Snapshot
from greenward.certification.queries.hindrances import seats_of
from greenward.core.workdays import add_working_days
from greenward.duties import queries
from greenward.duties.actions import hand_over
from greenward.duties.todos import ToDo
from greenward.programmes import queries as programmes
from greenward.territories.models import Appointment, Place
from tests.factories import certification as make
from tests.factories import recognition
from tests.factories.certification import AT, TODAY, Town
from tests.factories.recognition import at_noon
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, SECOND, appoint, person

Asked = list[tuple[str, str, str, int]]
STANDS = (
    ("in_review", "review"),
    ("recommended", "review"),
    ("submitted", "recommend"),
    ("approved", "review"),
    ("returned", "apply"),
)


def asked(user: User, on: date = TODAY) -> Asked:
    """Return what certification asks of a person: kind, what, where, how many."""
    return [
        (one.kind.removeprefix("certification-"), one.what, one.where, one.count) for one in todos(user, on)
    ]


def todos(user: User, on: date = TODAY) -> list[ToDo]:
    fresh = User.objects.get(pk=user.pk)
    return [one for one in queries.todos_for(fresh, on) if one.kind.startswith("certification")]


def below(user: User, on: date = TODAY) -> set[tuple[str, str, str, int, int]]:
    """Return what is held below a person: place, who, what, how many, how many overdue."""
    fresh = User.objects.get(pk=user.pk)
    return {
        (line.place.short_name, one.who, one.what, one.count, one.overdue)
        for line in queries.held_below(fresh, on)
        for one in line.held
        if one.kind.startswith("certification")
    }


def test_an_application_goes_from_list_to_list(town: Town) -> None:
    town.ready()
    people = town.people
    made = town.draft(by=people["worker"])
    assert asked(people["worker"]) == [("write", "写完并提交申报", "一里社区", 1)]
    applying.submit(made, by=people["worker"], at=AT, signed_name="worker")
    assert (asked(people["worker"]), asked(people["street"])) == (
        [],
        [("recommend", "核查并推荐申报", "一里社区", 1)],
    )
    (one,) = todos(people["street"])
    assert (one.due_on, one.url) == (
        add_working_days(TODAY, 10),
        f"/certification/cases/{made.pk}/#move-recommend",
    )
    assert one.why == "街道推荐 · 第 3.1.4 条 · 期限为本地规定"
    make.visit(made, by=people["street"])
    recommending.recommend(made, by=people["street"], at=AT, note="属实")
    assert asked(people["district"]) == [("decide", "受理申报", "一里社区", 1)]
    reviewing.take_up(made, by=people["district"], at=AT, seed="a seed")
    assert asked(people["street"]) == []
    (decide,) = todos(people["district"])
    assert (decide.what, decide.due_on) == ("审核申报", add_working_days(TODAY, 20))
    assert "还没有到齐" in decide.why


def test_departments_and_reviewers_find_their_own_part(town: Town) -> None:
    town.ready()
    made = town.in_review()
    (one,) = todos(town.people["civil"])
    assert (one.what, one.where, one.due_on) == ("会签申报", "一里社区", add_working_days(TODAY, 5))
    assert "不答复不算同意" in one.why
    seated = {seat.user_id for seat in seats_of(made)}
    experts = [user for name, user in town.people.items() if name.startswith("expert")]
    drawn = {user.pk for user in experts if asked(user) == [("opine", "提出评审意见", "一里社区", 1)]}
    assert drawn == seated
    assert [asked(user) for user in experts if user.pk not in seated] == [[], []]
    make.answer_all(made)
    assert asked(town.people["civil"]) == []
    assert [asked(user) for user in experts] == [[]] * 5
    assert "还没有到齐" not in todos(town.people["district"])[0].why


def test_what_comes_back_is_to_be_answered(town: Town) -> None:
    town.ready()
    made = town.submitted(by=town.people["worker"])
    recommending.return_items(
        made,
        [SentBack("5", "照片看不清"), SentBack("1", "缺会议记录")],
        by=town.people["street"],
        at=AT,
        note="请补正",
    )
    assert asked(town.people["worker"]) == [("write", "答复退回的申报", "一里社区", 2)]
    assert todos(town.people["worker"])[0].url.endswith("#returned")
    assert asked(town.people["street"]) == []
    assert below(town.people["street"]) == {("一里社区", "社区", "退回补正", 1, 0)}


def test_who_recommended_is_not_asked_to_decide(town: Town) -> None:
    town.ready()
    made = town.in_review()
    twice, other = person("twice"), town.people["district"]
    appoint(twice, "district_lead", DISTRICT)
    made.moves.create(verb="recommend", state="recommended", step="recommend", by=twice, at=AT)
    assert asked(twice) == []
    assert ("甲区", "本单位其他人员", "审核中", 1, 0) in below(twice)
    assert [what for _kind, what, _where, _n in asked(other)] == ["审核申报"]
    assert "本单位其他人员" not in {who for _place, who, *_rest in below(other)}


def test_cover_joins_the_hands_in_the_list_too(town: Town) -> None:
    town.ready()
    town.in_review()
    street, district = town.people["street"], town.people["district"]
    appoint(street, "district_department", DISTRICT)
    hand_over(
        district,
        street,
        Appointment.objects.get(user=district).office,
        kinds=["certification-desk"],
        begins=TODAY,
        until=TODAY + timedelta(days=9),
        reason="年休假",
        by=district,
        at=AT,
    )
    assert asked(district) == []  # the street's clerk recommended, and covers for the district's now


def test_an_overdue_case_names_who_holds_it(town: Town) -> None:
    town.ready()
    town.ready(SECOND)
    town.submitted(by=town.people["worker"])
    late = add_working_days(TODAY, 11)
    city = person("city")
    appoint(city, "city_lead", CITY)
    assert below(city) == {("甲区", "街道（乡镇）", "待推荐", 1, 0)}
    assert below(city, late) == {("甲区", "街道（乡镇）", "待推荐", 1, 1)}
    assert below(town.people["district"], late) == {("东街街道", "街道（乡镇）", "待推荐", 1, 1)}
    assert below(town.people["street"], late) == set()
    assert [one.urgency for one in todos(town.people["street"], late)] == ["overdue"]
    town.in_review(SECOND)
    after = add_working_days(TODAY, 12)
    held = below(town.people["district"], after)
    assert ("甲区", "市民政局", "会签申报", 1, 1) in held
    assert ("甲区", "评审专家", "提出评审意见", 1, 1) in held
    assert below(town.people["worker"], after) == set()
    assert below(person("nobody"), after) == set()


def test_the_desk_publishes_hears_and_names(town: Town) -> None:
    town.ready()
    lead = town.people["district"]
    made = town.approved()
    assert ("desk", "公示审核通过的申报", "甲区", 1) in asked(lead)
    notice = recognition.notice_of([made], at=AT)
    assert asked(lead) == []
    objection, _code = recognition.objection_to(made, at=AT)
    (one,) = todos(lead)
    assert (one.what, one.where, one.url) == (
        "决定是否受理异议",
        "一里社区居委会",
        f"/titles/objections/{objection.pk}/#act",
    )
    assert one.due_on == objection.due_on
    assert not {"示例居民", "010-00000000"} & {one.what, one.where, one.why}
    city = person("city")
    appoint(city, "city_lead", CITY)
    assert asked(city) == []
    handle_objection(objection, "accept", by=lead, at=AT)
    assert [what for _kind, what, _where, _n in asked(lead)] == ["复核异议并答复"]
    assert {what for _place, _who, what, *_n in below(city)} == {"异议复核中"}
    over = notice.ends_on + timedelta(days=1)
    assert "公示期满，命名" not in {what for _kind, what, _where, _n in asked(lead, over)}
    handle_objection(objection, "reject", answer="查无此事", by=lead, at=AT)
    assert ("decide", "公示期满，命名", notice.title, 1) in asked(lead, over)
    assert asked(lead, notice.ends_on) == []


def test_rechecks_go_to_the_office_and_to_the_community(town: Town, settings: Settings) -> None:
    settings.GREENWARD_TODAY = TODAY
    recognition.recognised(town.programme, COMMUNITY)
    lead, worker = town.people["district"], town.people["worker"]
    plan = plan_rechecks(
        programme=town.programme,
        territory=recognition.version(DISTRICT),
        title="复查",
        seed="7",
        due_on=date(2022, 10, 31),
        by=None,
        at=at_noon(TODAY),
    )
    (recheck,) = plan.rechecks.all()
    assert asked(lead) == [("recheck", "复查称号", "一里社区", 1)]
    items = [item.id for item in programmes.policy(town.programme).standard.items]
    seen = {item: {"found": "fails" if item == "5" else "holds", "note": ""} for item in items}
    move_recheck(recheck, "rectify", note="限期", findings=seen, by=lead, at=at_noon(TODAY))
    assert asked(lead) == []
    assert asked(worker) == [("write", "整改并报送整改情况", "一里社区", 1)]
    assert todos(worker)[0].due_on == add_working_days(TODAY, 20)
    late = add_working_days(TODAY, 21)
    assert below(lead, late) == {("东街街道", "社区", "限期整改", 1, 1)}
    move_recheck(recheck, "report", note="已整改", by=worker, at=at_noon(TODAY))
    assert asked(lead) == [("recheck", "验收整改", "一里社区", 1)]


def test_neighbours_are_asked_nothing_and_told_nothing(town: Town) -> None:
    town.ready()
    town.submitted(by=town.people["worker"])
    stranger = person("stranger")
    appoint(stranger, "district_lead", "990102000000")
    assert (asked(stranger), below(stranger)) == ([], set())


def more(town: Town, number: int) -> None:
    """Let further communities of the street wait in every way: with departments and reviewers too."""
    frozen = Snapshot.objects.first()
    assert frozen is not None
    for n in range(number):
        version = town.version(SECOND)
        code = f"990101001{Application.objects.count() + 800:03d}"
        version.pk, version.place = None, Place.objects.create(code=code, level="community")
        version.path = version.path.replace(SECOND, code)
        version.save()
        state, step = STANDS[n % len(STANDS)]
        made = Application.objects.create(
            programme=town.programme,
            place=version.place,
            state=state,
            step=step,
            opened_at=AT,
            moved_at=AT,
            due_on=TODAY,
        )
        frozen.pk, frozen.application = None, made
        frozen.save()
        Seat.objects.create(application=made, user=town.people["expert-1"], due_on=TODAY, seated_at=AT)
        Countersign.objects.create(
            snapshot=frozen, department="civil-affairs", item="1", asked_at=AT, due_on=TODAY
        )


@pytest.mark.parametrize("who", ["district", "street", "civil", "expert-1"])
def test_queries_do_not_grow_with_the_cases(
    town: Town, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    town.ready()
    town.in_review()
    more(town, len(STANDS))

    def read() -> int:
        user = User.objects.get(pk=town.people[who].pk)
        return len(queries.todos_for(user, TODAY)) + len(queries.held_below(user, TODAY))

    read()  # the pack is read once per process
    with django_assert_max_num_queries(75) as before:
        assert read() > 0
    more(town, 3 * len(STANDS))
    with django_assert_max_num_queries(len(before)):
        read()
