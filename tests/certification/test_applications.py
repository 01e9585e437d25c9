"""An application's way: who may, when, what is frozen, what reopens, and that refusals change nothing."""

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.actions.applying import NotReadyError
from greenward.certification.actions.recommending import SentBack
from greenward.certification.models import Application, ApplicationMove, Draw, Seat, Snapshot
from greenward.certification.queries import snapshots
from greenward.certification.queries.applications import applications_for
from greenward.certification.queries.hindrances import countersigns_of, seats_of
from greenward.certification.queries.panel import in_order, spread_of
from greenward.certification.queries.queue import Wanted, lines_of, queue_for
from greenward.certification.queries.readiness import readiness_of
from greenward.certification.queries.route import route_of
from greenward.certification.states import ApplicationState, Reply, Stance
from greenward.core import audit, canonical
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.core.signing import is_signed, public_key
from greenward.territories.access import reach_of
from tests.factories.certification import AT, TODAY, Town, answer_all, opine, visit
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND, STREET, TOWN_COMMUNITY, appoint, person

S = ApplicationState


def count() -> tuple[int, int]:
    return ApplicationMove.objects.count(), AuditEntry.objects.count()


def test_a_community_is_told_exactly_what_it_lacks(town: Town) -> None:
    town.ready(smart_security=False, noise_treated=None)
    town.survey.cases.update(state="submitted")
    made = applying.open_draft(town.programme, town.version(), by=None, at=AT)
    with pytest.raises(NotReadyError) as refused:
        applying.submit(made, by=None, at=AT, signed_name="")
    lacks = refused.value.data["lacks"]
    assert isinstance(lacks, list)
    assert {(one["code"], one["item"]) for one in lacks} == {
        ("unmet", "11"),
        ("unknown", "10"),
        ("survey", ""),
        ("attachment", ""),
    }
    made.refresh_from_db()
    assert (made.state, made.snapshots.count()) == (S.DRAFT, 0)


def test_a_community_that_does_not_take_part_cannot_apply(town: Town) -> None:
    with pytest.raises(ConflictError):
        applying.open_draft(town.programme, town.version(), by=None, at=AT)


def test_opening_twice_is_one_draft_with_a_narrative_from_what_is_known(town: Town) -> None:
    town.ready()
    worker = town.people["worker"]
    first = applying.open_draft(town.programme, town.version(), by=worker, at=AT)
    assert applying.open_draft(town.programme, town.version(), by=worker, at=AT).pk == first.pk
    assert "16" not in first.narrative.partition("\n")[0]
    assert "小区" in first.narrative
    assert "2022-09-15" in first.narrative


def test_the_snapshot_is_signed_hashed_and_stays_while_facts_move(town: Town) -> None:
    town.ready()
    made = town.submitted(by=town.people["worker"])
    snapshot = snapshots.latest(made)
    assert snapshot is not None
    assert snapshot.digest == canonical.digest(snapshot.content)
    assert is_signed(snapshots.signed_part(snapshot), snapshot.signature, public_key())
    assert len(snapshot.content["items"]) == 16
    assert snapshot.standard_digest == town.programme.pack.digest
    town.facts.tell(town.places[COMMUNITY], smart_security=False)
    again = Snapshot.objects.get(pk=snapshot.pk)
    assert canonical.digest(again.content) == snapshot.digest
    now = readiness_of(town.version(), route_of(town.programme), TODAY, application=made)
    assert {one.item for one in snapshots.differences(snapshot, now)} == {"11"}


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"content": {}}, {"signed_name": "x"}])
def test_the_database_refuses_to_change_a_snapshot(town: Town, change: dict[str, object]) -> None:
    town.ready()
    made = town.submitted()
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.filter(application=made).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Snapshot.objects.filter(application=made).delete()


def test_the_database_refuses_a_state_that_no_move_leads_to(town: Town) -> None:
    town.ready()
    made = town.submitted()
    for state in (S.APPROVED, S.RECOGNISED, S.DRAFT):
        with pytest.raises(DatabaseError), transaction.atomic():
            Application.objects.filter(pk=made.pk).update(state=state)


def test_the_signature_must_be_the_accounts_name(town: Town) -> None:
    town.ready()
    worker = town.people["worker"]
    made = town.draft(by=worker)
    with pytest.raises(InvalidInputError):
        applying.submit(made, by=worker, at=AT, signed_name="somebody else")
    assert made.snapshots.count() == 0


def test_only_what_came_back_is_frozen_anew(town: Town) -> None:
    town.ready()
    worker, street = town.people["worker"], town.people["street"]
    made = town.submitted(by=worker)
    recommending.return_items(made, [SentBack("5", "请补充"), SentBack("12", "请核对")], by=street, at=AT)
    town.facts.tell(town.places[COMMUNITY], compounds_managed=8, deliberations_last_year=9)
    with pytest.raises(NotReadyError):
        applying.submit(made, by=worker, at=AT, signed_name="worker")
    with pytest.raises(ConflictError):
        applying.write_narrative(made, "另写", by=worker, at=AT)
    for one in made.returned_items.all():
        applying.answer_returned(one, "已补正", by=worker, at=AT)
    applying.submit(made, by=worker, at=AT, signed_name="worker")
    first, second = made.snapshots.order_by("number")
    was, now = ({one["id"]: one for one in each.content["items"]} for each in (first, second))
    assert {item for item in was if was[item] != now[item]} == {"12"}
    made.refresh_from_db()
    assert made.state == S.SUBMITTED


def test_each_step_is_made_by_its_own_level_and_by_another_person(town: Town) -> None:
    town.ready()
    people = town.people
    made = town.submitted(by=people["worker"])
    before = count()
    for name in ("worker", "district", "civil", "expert-1"):
        with pytest.raises(NotAllowedError):
            recommending.recommend(made, by=people[name], at=AT, note="x")
    appoint(people["worker"], "street_clerk", STREET)
    people["worker"].__dict__.pop("_reach", None)
    visit(made, by=people["street"])
    before = count()
    with pytest.raises(NotAllowedError):
        recommending.recommend(made, by=people["worker"], at=AT, note="x")
    assert count() == before


def test_nothing_is_recommended_without_the_visit_that_the_route_wants(town: Town) -> None:
    town.ready()
    made = town.submitted(by=town.people["worker"])
    before = count()
    with pytest.raises(ConflictError, match="现场核查"):
        recommending.recommend(made, by=town.people["street"], at=AT, note="属实")
    assert count() == before
    visit(made, by=town.people["street"])
    done = recommending.recommend(made, by=town.people["street"], at=AT, note="属实")
    assert (done.state, done.step) == (S.RECOMMENDED, "review")
    assert str(done.due_on) == "2022-10-18"


def test_who_recommended_cannot_approve_whatever_role_they_get(town: Town) -> None:
    town.ready()
    street = town.people["street"]
    made = town.in_review()
    answer_all(made)
    appoint(street, "district_lead", DISTRICT)
    street.__dict__.pop("_reach", None)
    before = count()
    with pytest.raises(NotAllowedError):
        reviewing.approve(made, by=street, at=AT, note="同意")
    assert count() == before
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicationMove.objects.create(
            application=made, verb="approve", state=S.APPROVED, step="review", by=street, at=AT
        )


def test_silence_is_waited_for_and_then_shown_never_counted_as_consent(town: Town) -> None:
    town.ready()
    district = town.people["district"]
    made = town.in_review()
    with pytest.raises(ConflictError):
        reviewing.approve(made, by=district, at=AT, note="同意")
    for seat in seats_of(made):
        opine(seat)
    visit(made, by=district)
    asked = countersigns_of(made)
    assert {(one.department, one.item, one.said) for one in asked} == {
        ("civil-affairs", "1", ""),
        ("civil-affairs", "2", ""),
        ("civil-affairs", "3", ""),
        ("urban-management", "5", ""),
    }
    later = AT.replace(month=10, day=20)
    reviewing.approve(made, by=district, at=later, note="会签逾期，已另行核实")
    entry = AuditEntry.objects.filter(action="certification.approve").get()
    assert len(entry.data["silent"]) == 4
    assert {one.said for one in countersigns_of(made)} == {""}


def test_a_department_answers_for_its_own_items_only_and_once(town: Town) -> None:
    town.ready()
    civil = town.people["civil"]
    made = town.in_review()
    said = {"1": (Reply.AGREED, ""), "2": (Reply.OBJECTED, "记录不全")}
    reviewing.countersign(made, "civil-affairs", said, by=civil, at=AT)
    with pytest.raises(NotAllowedError):
        reviewing.countersign(made, "urban-management", {"5": (Reply.AGREED, "")}, by=civil, at=AT)
    with pytest.raises(InvalidInputError):
        reviewing.countersign(made, "civil-affairs", {"3": (Reply.OBJECTED, " ")}, by=civil, at=AT)
    with pytest.raises(ConflictError):
        reviewing.countersign(made, "civil-affairs", {"1": (Reply.OBJECTED, "改")}, by=civil, at=AT)
    assert reviewing.countersign(made, "civil-affairs", said, by=civil, at=AT) == []


def test_reviewers_are_drawn_by_the_published_seed_and_without_conflicts(town: Town) -> None:
    town.ready()
    appoint(town.people["expert-2"], "community_worker", COMMUNITY)
    made = town.in_review()
    draw = Draw.objects.get(application=made, purpose="panel")
    assert draw.drawn == in_order("a seed", draw.pot)[:3]
    assert "expert-2" in draw.left_out
    assert "expert-2" not in draw.pot
    with pytest.raises(DatabaseError), transaction.atomic():
        Seat.objects.create(application=made, user=town.people["expert-2"], due_on=TODAY, seated_at=AT)
    seat = seats_of(made)[0]
    reviewing.declare_conflict(seat, "曾在此任职", by=seat.user, at=AT)
    assert len(seats_of(made)) == 3
    assert seat.user not in [one.user for one in seats_of(made)]


def test_opinions_are_whole_reasoned_final_and_their_spread_is_visible(town: Town) -> None:
    town.ready()
    made = town.in_review()
    first, second, _third = seats_of(made)
    with pytest.raises(InvalidInputError):
        reviewing.give_opinions(first, [reviewing.View("1", Stance.FOR)], by=first.user, at=AT)
    with pytest.raises(InvalidInputError):
        opine(first, Stance.AGAINST)
    opine(first)
    opine(second, Stance.AGAINST, "不足")
    with pytest.raises(NotAllowedError):
        reviewing.give_opinions(second, [], by=first.user, at=AT)
    snapshot = snapshots.latest(made)
    assert snapshot is not None
    spread = spread_of(snapshot, seats_of(made))
    assert {(one.favour, one.against, one.unsure, one.silent) for one in spread} == {(1, 1, 0, 1)}


def test_a_reviewer_sees_the_application_drawn_for_them_and_nothing_else(town: Town) -> None:
    town.ready()
    made = town.in_review()
    seated = {one.user_id for one in seats_of(made)}
    for name in (f"expert-{n}" for n in range(1, 6)):
        expert = town.people[name]
        assert reach_of(expert).paths() == ()
        assert list(applications_for(expert)) == ([made] if expert.pk in seated else [])


def test_a_stale_page_is_told_and_changes_nothing(town: Town) -> None:
    town.ready()
    made = town.submitted(by=town.people["worker"])
    seen = made.version
    visit(made, by=town.people["street"])
    before = count()
    with pytest.raises(ConflictError):
        recommending.recommend(made, by=town.people["street"], at=AT, note="属实", seen=seen)
    assert count() == before


def test_the_queue_names_who_holds_a_case_in_as_many_queries_as_for_one(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    town.ready()
    town.ready(SECOND)
    made = town.in_review()
    second = town.submitted(SECOND)
    lines = {one.application.pk: one for one in lines_of(queue_for(town.people["district"], Wanted()))}
    assert lines[made.pk].holder.startswith("甲区")
    assert "3 位评审专家" in lines[made.pk].holder
    assert lines[second.pk].holder == "东街街道"
    with django_assert_max_num_queries(12):
        lines_of(queue_for(town.people["district"], Wanted()))
    assert list(queue_for(town.people["street"], Wanted(show="mine"))) == [second]
    assert list(queue_for(town.people["civil"], Wanted(show="mine"))) == [made]
    assert list(queue_for(town.people["district"], Wanted(show="mine"))) == [made]


def test_what_lies_beyond_the_reach_is_not_there(town: Town) -> None:
    town.ready()
    made = town.submitted()
    stranger = person("stranger")
    appoint(stranger, "community_worker", TOWN_COMMUNITY)
    assert list(applications_for(stranger)) == []
    assert list(applications_for(town.people["street"])) == [made]


def test_an_approved_application_leaves_a_whole_audit_trail(town: Town) -> None:
    town.ready()
    made = town.approved()
    assert made.state == S.APPROVED
    actions = list(
        AuditEntry.objects.filter(action__startswith="certification.").values_list("action", flat=True)
    )
    for verb in ("submit", "record_visit", "recommend", "take_up", "countersign", "give_opinions", "approve"):
        assert f"certification.{verb}" in actions
    assert audit.verify() == []
