"""A district's plan: drafted, written by two, decided by a second person, filed, held against progress."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from pytest_django import DjangoAssertNumQueries

from greenward.core import audit, clock
from greenward.core.errors import (
    ConflictError,
    GreenwardError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from greenward.core.models import AuditEntry
from greenward.plans import actions, queries
from greenward.plans.models import PlanStep, PlanTarget, PlanVersion
from greenward.plans.queries import TargetLine
from greenward.plans.states import MOVES, PlanState, diagram
from greenward.programmes.models import Delivery
from tests.factories import recognition
from tests.factories.territories import (
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_STREET,
    STREET,
)
from tests.plans.conftest import TODAY, Scene

FIRST, LAST = date(2021, 12, 31), date(2022, 12, 31)
PILOTS_DUE = date(2021, 11, 30)


def test_the_documentation_draws_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "district-plan.md"
    assert f"```mermaid\n{diagram()}```" in page.read_text(encoding="utf-8")


def test_every_move_begins_and_ends_in_a_state() -> None:
    for move in MOVES.values():
        assert move.begins <= set(PlanState)
        assert move.ends in PlanState
    assert all(PlanState.FILED not in move.begins for move in MOVES.values())


def test_a_draft_takes_who_meets_and_then_who_is_nearest(scene: Scene) -> None:
    proposed = {
        (p.code, p.due, p.measure): p for p in queries.proposals(scene.programme, scene.district.path, TODAY)
    }
    street, other = proposed[STREET, LAST, "meeting"], proposed[OTHER_STREET, LAST, "meeting"]
    # three communities, 60%: two. One meets it; the nearest lacks one item; of the third nothing is known.
    assert (street.number, street.current, street.communities, street.near) == (2, 1, 2, ((1, 1),))
    assert (other.number, other.current, other.communities, other.near) == (0, 0, 1, ())
    assert "差1条的1个" in street.reason
    assert queries.asked_of(scene.programme, scene.district.path, TODAY)[1].number == 2


def test_a_passed_target_is_drafted_as_of_its_day(scene: Scene) -> None:
    proposed = queries.proposals(scene.programme, scene.district.path, TODAY)
    assert {p.as_of for p in proposed if p.due == FIRST} == {FIRST}
    assert {p.as_of for p in proposed if p.due == LAST} == {TODAY}


def test_a_street_with_too_few_communities_is_explained(scene: Scene) -> None:
    proposed = {
        (p.code, p.measure): p for p in queries.proposals(scene.programme, scene.district.path, TODAY)
    }
    one = proposed[OTHER_STREET, "pilots"]
    assert (one.number, one.least, one.communities) == (1, 2, 1)
    assert "只有1个社区" in one.reason


def test_a_draft_holds_targets_schedule_and_measures_with_offices(scene: Scene) -> None:
    content = queries.content_of(scene.begin())
    assert content.targets[STREET, LAST, "meeting"] == TargetLine(2)
    assert [m.due for m in content.milestones] == sorted(m.due for m in content.milestones)
    gap = next(m for m in content.measures if m.item == "11")
    assert "public-security" in gap.departments
    assert "1个社区未达标" in gap.text


def test_streets_are_summed_up_against_what_is_asked(scene: Scene) -> None:
    asked = queries.asked_of(scene.programme, scene.district.path, TODAY)
    content = queries.content_of(scene.begin())
    assert [(s.planned, s.asked.number, s.missing) for s in queries.sums_of(content, asked)] == [
        (1, 1, 0),
        (2, 2, 0),
    ]
    fewer = replace(content, targets={**content.targets, (STREET, LAST, "meeting"): TargetLine(1)})
    assert queries.sums_of(fewer, asked)[1].missing == 1


def changed(version: PlanVersion, number: int, note: str = "") -> queries.PlanContent:
    content = queries.content_of(version)
    return replace(content, targets={**content.targets, (STREET, LAST, "meeting"): TargetLine(number, note)})


def save(
    scene: Scene, version: PlanVersion, content: queries.PlanContent, *, seen: int, second: bool = False
) -> PlanVersion:
    by = scene.second if second else scene.drafter
    return actions.write(version, scene.district, content, seen=seen, by=by, at=clock.now())


def test_the_second_editor_is_told_and_overwrites_nothing(scene: Scene) -> None:
    version = scene.begin()
    save(scene, version, changed(version, 1, "甲的意见"), seen=1)
    with pytest.raises(actions.OverwritingError) as told:
        save(scene, version, changed(version, 2, "乙的意见"), seen=1, second=True)
    assert "drafter" in str(told.value)
    assert PlanTarget.objects.get(place__code=STREET, due=LAST, measure="meeting").note == "甲的意见"
    saved = save(scene, version, changed(version, 2, "乙的意见"), seen=told.value.version.edit, second=True)
    assert saved.edit == 3
    assert PlanTarget.objects.get(place__code=STREET, due=LAST, measure="meeting").note == "乙的意见"


@pytest.mark.parametrize("number", [3, 99])
def test_more_than_there_are_cannot_be_planned(scene: Scene, number: int) -> None:
    version = scene.begin()
    with pytest.raises(InvalidInputError):
        save(scene, version, changed(version, number), seen=1)
    assert PlanVersion.objects.get().edit == 1


def test_pilots_beside_the_quota_need_a_reason(scene: Scene) -> None:
    version = scene.begin()
    content = queries.content_of(version)
    for note, stands in (("", False), ("区内统一安排", True)):
        key = (STREET, PILOTS_DUE, "pilots")
        fewer = replace(content, targets={**content.targets, key: TargetLine(1, note)})
        if stands:
            save(scene, version, fewer, seen=1)
        else:
            with pytest.raises(InvalidInputError):
                save(scene, version, fewer, seen=1)


def test_the_whole_way(scene: Scene) -> None:
    version = scene.filed()
    assert (version.state, version.document, version.filed_on) == (
        PlanState.FILED,
        "甲政发〔2022〕1号",
        TODAY,
    )
    assert [step.verb for step in version.steps.all()] == ["begin", "submit", "approve", "file"]
    delivery = Delivery.objects.get()
    assert (version.delivery, delivery.duty, delivery.delivered_on) == (delivery, "district-plan", TODAY)
    assert audit.verify() == []


def test_a_second_version_leaves_the_first_delivery(scene: Scene) -> None:
    first = scene.filed()
    again = scene.filed()
    assert (again.number, again.delivery) == (2, first.delivery)
    assert Delivery.objects.count() == 1


def test_nobody_approves_what_they_wrote(scene: Scene) -> None:
    version = scene.begin()
    save(scene, version, changed(version, 1), seen=1, second=True)
    version = scene.move(version, "submit", scene.drafter)
    for one in (scene.drafter, scene.second):
        before = AuditEntry.objects.count()
        with pytest.raises(NotAllowedError):
            scene.move(version, "approve", one)
        assert (PlanVersion.objects.get().state, AuditEntry.objects.count()) == (PlanState.SUBMITTED, before)


def test_the_database_keeps_one_from_doing_both(scene: Scene) -> None:
    version = scene.move(scene.begin(), "submit", scene.drafter)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(approved_by=scene.drafter)


def test_what_is_submitted_cannot_be_written(scene: Scene) -> None:
    version = scene.move(scene.begin(), "submit", scene.drafter)
    with pytest.raises(ConflictError):
        save(scene, version, changed(version, 1), seen=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanTarget.objects.filter(version=version).update(number=1)


def test_what_is_filed_stays(scene: Scene) -> None:
    version = scene.filed()
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanVersion.objects.filter(pk=version.pk).update(introduction="改")


def test_a_return_needs_a_reason_and_opens_the_draft(scene: Scene) -> None:
    version = scene.move(scene.begin(), "submit", scene.drafter)
    with pytest.raises(InvalidInputError):
        scene.move(version, "return", scene.second)
    version = scene.move(version, "return", scene.second, note="目标偏低")
    assert save(scene, version, changed(version, 2), seen=1).state == PlanState.RETURNED


def test_who_comes_second_to_a_decision_is_told(scene: Scene) -> None:
    version = scene.move(scene.begin(), "submit", scene.drafter)
    seen = scene.seen(version)
    scene.move(version, "return", scene.second, note="目标偏低")
    with pytest.raises(ConflictError, match="second"):
        actions.move(version, scene.district, "approve", seen=seen, by=scene.second, at=clock.now())
    assert PlanVersion.objects.get().state == PlanState.RETURNED


def test_one_version_at_a_time(scene: Scene) -> None:
    scene.begin()
    with pytest.raises(ConflictError):
        scene.begin(scene.second)
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize("who", ["city", "stranger"])
def test_others_plan_nothing(scene: Scene, who: str) -> None:
    with pytest.raises(NotAllowedError):
        scene.begin(getattr(scene, who))
    version = scene.move(scene.begin(), "submit", scene.drafter)
    with pytest.raises(NotAllowedError):
        scene.move(version, "approve", getattr(scene, who))


def test_only_a_district_has_a_plan(scene: Scene) -> None:
    with pytest.raises(InvalidInputError):
        actions.begin(
            programme=scene.programme, place=scene.version(STREET), figures_on=TODAY, by=None, at=clock.now()
        )


def test_drafts_stay_inside_the_district(scene: Scene) -> None:
    version = scene.begin()
    see = lambda user: list(queries.versions_for(user, scene.programme, scene.district))  # noqa: E731 - short
    assert (see(scene.drafter), see(scene.city)) == ([version], [])
    scene.move(version, "submit", scene.drafter)
    scene.file(scene.move(version, "approve", scene.second))
    assert [one.number for one in see(scene.city)] == [1]
    with pytest.raises(NotFoundError):
        queries.get_district_for(scene.stranger, DISTRICT)


def test_the_city_comments_and_decides_nothing(scene: Scene) -> None:
    version = scene.filed()
    said = actions.comment(version, scene.district, "请补充资金安排", by=scene.city, at=clock.now())
    assert (said.by, PlanVersion.objects.get().state) == (scene.city, PlanState.FILED)
    with pytest.raises(NotAllowedError):
        actions.comment(version, scene.district, "外人", by=scene.stranger, at=clock.now())


@pytest.mark.parametrize(
    "document,day,error",
    [(" ", TODAY, InvalidInputError), ("文", TODAY + timedelta(days=1), InvalidInputError)],
)
def test_filing_needs_a_document_and_a_day(
    scene: Scene, document: str, day: date, error: type[GreenwardError]
) -> None:
    version = scene.move(scene.begin(), "submit", scene.drafter)
    version = scene.move(version, "approve", scene.second)
    with pytest.raises(error):
        actions.file(
            version,
            scene.district,
            document=document,
            filed_on=day,
            seen=scene.seen(version),
            by=scene.drafter,
            at=clock.now(),
        )
    assert (Delivery.objects.count(), PlanStep.objects.filter(verb="file").count()) == (0, 0)


def test_a_diff_says_what_changed_in_words(scene: Scene) -> None:
    first = scene.filed()
    second = scene.begin()
    content = replace(changed(second, 1, "先易后难"), introduction="新的要求")
    second = save(scene, second, content, seen=1)
    found = queries.changes(
        queries.content_of(first),
        queries.content_of(second),
        places={STREET: "东街街道"},
        offices={},
    )
    assert [(c.part, c.old, c.new) for c in found] == [
        ("总体要求", "", "新的要求"),
        ("目标", "2", "1 先易后难"),
    ]
    assert "东街街道 2022-12-31" in found[1].about


def test_progress_holds_passed_targets_to_their_day(scene: Scene) -> None:
    rows = {
        (r.code, r.due, r.measure): r
        for r in queries.progress(queries.content_of(scene.begin()), scene.district.path, TODAY)
    }
    now = rows[STREET, LAST, "meeting"]
    assert (now.planned, now.reached, now.participating, now.denominator, now.as_of) == (2, 1, 1, 2, TODAY)
    assert rows[STREET, FIRST, "meeting"].as_of == FIRST
    assert (rows["", LAST, "meeting"].planned, rows["", LAST, "meeting"].reached) == (2, 1)
    assert rows[STREET, PILOTS_DUE, "pilots"].participating is None
    assert (now.recognised, rows["", LAST, "meeting"].recognised) == (0, 0)
    assert rows[STREET, PILOTS_DUE, "pilots"].recognised is None


def test_progress_tells_who_holds_a_title_on_the_day(scene: Scene) -> None:
    recognition.recognised(scene.programme, COMMUNITY)
    content = queries.content_of(scene.begin())
    rows = {
        (r.code, r.due, r.measure): r.recognised
        for r in queries.progress(content, scene.district.path, TODAY)
    }
    assert (rows[STREET, LAST, "meeting"], rows["", LAST, "meeting"]) == (1, 1)
    assert rows[STREET, FIRST, "meeting"] == 0


def test_the_overview_knows_who_is_late(scene: Scene) -> None:
    scene.filed()
    lines = {line.place.place.code: line for line in queries.overview_for(scene.city, TODAY)}
    here, there = lines[DISTRICT], lines[OTHER_DISTRICT]
    assert here.filed
    assert (here.days_late, here.planned[LAST]) == ((TODAY - FIRST).days, 2)
    assert (there.filed, there.days_late) == (None, (TODAY - FIRST).days)
    assert [line.place.place.code for line in queries.overview_for(scene.drafter, TODAY)] == [DISTRICT]


def test_reading_does_not_ask_more_with_more_rows(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = scene.filed()
    with django_assert_num_queries(3):
        queries.content_of(version)
    queries.overview_for(scene.city, TODAY)
    with django_assert_num_queries(5):
        queries.overview_for(scene.city, TODAY)


def test_a_community_is_no_address(scene: Scene) -> None:
    with pytest.raises(NotFoundError):
        queries.get_district_for(scene.drafter, COMMUNITY)
