"""The counts that a process keeps: nothing late is missed, nothing given up stays, only news is recounted."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.db import connection, transaction

from greenward.core import clock
from greenward.survey import queries
from greenward.survey.models import Case, Round, Step
from greenward.survey.queries.coverage import counting, keeping
from greenward.survey.queries.coverage.judging import tally
from greenward.survey.states import CaseState
from greenward.territories import actions as territories
from greenward.territories.models import Level, Place, PlaceVersion
from tests.factories import survey as make
from tests.factories.territories import CITY, COMMUNITY, OTHER_COMMUNITY, OTHER_STREET, SECOND
from tests.survey.queries.test_coverage import COMMUNITY_FORM, COMPOUND_FORM, WHOLE, at, opened, say

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 20
PATIENCE = 120  # s: the longest test beside this one


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keeping.forget()
    yield
    keeping.forget()


@pytest.fixture
def recounted(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Return what is counted anew from now on: the communities of each time."""
    found: list[list[int]] = []

    def noting(recipe: Any, communities: Any) -> pl.DataFrame:
        found.append(list(communities))
        return tally(recipe, communities)

    monkeypatch.setattr(counting, "tally", noting)
    return found


def settle(recounted: list[list[int]], count: Callable[[], object]) -> None:
    """Let all that is written so far be old news, and forget what was counted for it.

    A transaction open anywhere on the server, by another test's database too, keeps later ones news.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (mark,) = cursor.fetchone()
        for _again in range(PATIENCE * 20):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s", [mark])
            if cursor.fetchone()[0]:
                break
            time.sleep(0.05)
        else:
            raise AssertionError(f"a transaction was open for {PATIENCE} s")
    count()
    recounted.clear()


def elsewhere(act: Callable[[], object]) -> None:
    """Do something in another connection, to its end."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - told in the thread of the test
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=SOON)
    assert (errors, thread.is_alive()) == ([], False)


def done(held: Round) -> tuple[int, int]:
    covered = queries.coverage_of(held, at(CITY), make.TODAY)
    return covered.done, covered.started


def pk(code: str) -> int:
    return Place.objects.get(code=code).pk


def test_what_commits_late_is_not_missed(recounted: list[list[int]]) -> None:
    held = opened()
    assert done(held) == (0, 0)
    begun, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                say(held, WHOLE, COMMUNITY)
                begun.set()
                assert may_commit.wait(SOON)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(SOON)
    elsewhere(lambda: say(held, WHOLE, SECOND))
    assert done(held) == (1, 0)
    may_commit.set()
    thread.join(timeout=SOON)
    assert done(held) == (2, 0)
    settle(recounted, lambda: done(held))
    assert (done(held), recounted) == ((2, 0), [])


def test_only_what_was_touched_is_counted_anew(recounted: list[list[int]]) -> None:
    held = opened("r2022", COMMUNITY_FORM, COMPOUND_FORM)
    assert done(held) == (0, 0)
    settle(recounted, lambda: done(held))
    say(held, WHOLE, COMMUNITY)
    assert (done(held), recounted) == ((0, 1), [[pk(COMMUNITY)]])
    settle(recounted, lambda: done(held))
    parent = Place.objects.get(code=COMMUNITY)
    territories.create_units({parent: ["一号院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT)
    say(held, {"name": "一号院", "old": False}, f"{COMMUNITY}-001")
    assert (done(held), recounted) == ((1, 0), [[pk(COMMUNITY)]])


def test_what_a_transaction_wrote_and_gave_up_stays_nowhere() -> None:
    held = opened()
    say(held, {"remark": "甲"}, SECOND)
    assert done(held) == (0, 1)
    with transaction.atomic():
        say(held, WHOLE, COMMUNITY)
        assert done(held) == (1, 1)
        elsewhere(lambda: check(held, (0, 1)))
        transaction.set_rollback(True)
    assert done(held) == (0, 1)


def check(held: Round, expected: tuple[int, int]) -> None:
    assert done(held) == expected


def test_a_moved_case_is_seen(recounted: list[list[int]]) -> None:
    held = opened()
    say(held, WHOLE, COMMUNITY)
    assert done(held) == (1, 0)
    settle(recounted, lambda: done(held))
    place = Place.objects.get(code=SECOND)
    case = Case.objects.create(round=held, place=place, state=CaseState.RETURNED, moved_at=make.AT)
    Step.objects.create(case=case, verb="return", state=CaseState.RETURNED, at=make.AT)
    covered = queries.coverage_of(held, at(CITY), make.TODAY)
    assert (covered.started, covered.cases[CaseState.RETURNED], recounted) == (1, 1, [])
    Case.objects.filter(pk=case.pk).update(state=CaseState.SUBMITTED)
    Step.objects.create(case=case, verb="submit", state=CaseState.SUBMITTED, at=make.AT)
    covered = queries.coverage_of(held, at(CITY), make.TODAY)
    assert (covered.cases[CaseState.RETURNED], covered.cases[CaseState.SUBMITTED]) == (0, 1)


def test_a_changed_tree_is_seen_and_keeps_what_was_counted(recounted: list[list[int]]) -> None:
    held = opened()
    say(held, WHOLE, COMMUNITY)
    say(held, WHOLE, OTHER_COMMUNITY)
    assert done(held) == (2, 0)
    settle(recounted, lambda: done(held))
    territories.set_urban_status(
        Place.objects.get(code=SECOND), counts=False, on=held.reference_on, reason="测试", by=None, at=make.AT
    )
    territories.move(
        Place.objects.get(code=COMMUNITY), to=Place.objects.get(code=OTHER_STREET), on=held.reference_on,
        reason="测试", by=None, at=make.AT,
    )  # fmt: skip
    covered = queries.coverage_of(held, at(OTHER_STREET), make.TODAY)
    assert (covered.due, covered.done, recounted) == (2, 2, [[pk(COMMUNITY)]])
    assert queries.coverage_of(held, at(CITY), make.TODAY).due == 3


def test_every_update_says_the_same_as_counting_afresh() -> None:
    held = opened("r2022", COMMUNITY_FORM, COMPOUND_FORM)
    queries.coverage.counts_of(held, make.TODAY)
    for number, code in enumerate((COMMUNITY, SECOND, COMMUNITY, OTHER_COMMUNITY)):
        say(held, {"households": number, "has_lift": bool(number % 2)}, code)
        parent = Place.objects.get(code=code)
        territories.create_units(
            {parent: [f"{number}号院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT
        )
        kept = queries.coverage.counts_of(held, make.TODAY)
        keeping.forget()
        assert kept.frame.equals(queries.coverage.counts_of(held, make.TODAY).frame)


def test_few_rounds_and_days_are_kept_and_today_longest() -> None:
    held = opened()
    queries.coverage.counts_of(held)
    for day in range(keeping.ROUNDS_KEPT + 3):
        queries.coverage.counts_of(held, make.TODAY - timedelta(days=day))
    days = keeping.kept_days()
    assert (len(days), clock.today() in days, days[-1]) == (
        keeping.ROUNDS_KEPT, True, make.TODAY - timedelta(days=keeping.ROUNDS_KEPT + 2)
    )  # fmt: skip


def test_a_new_day_goes_on_with_yesterdays_counts(
    recounted: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = opened("r2022", COMMUNITY_FORM, COMPOUND_FORM)
    today, later = make.TODAY, make.TODAY + timedelta(days=1)
    monkeypatch.setattr("greenward.core.clock.today", lambda: today)
    say(held, WHOLE, COMMUNITY)
    settle(recounted, lambda: queries.coverage.counts_of(held))
    monkeypatch.setattr("greenward.core.clock.today", lambda: later)
    say(held, WHOLE, SECOND, at=make.AT + timedelta(days=1))
    counts = queries.coverage.counts_of(held)
    assert recounted == [[pk(SECOND)]]
    assert counts.frame["progress"].to_list() == [1, 1, 0, 0]
    queries.coverage.counts_of(held, today)
    settle(recounted, lambda: queries.coverage.counts_of(held))
    monkeypatch.setattr("greenward.core.clock.today", lambda: later + timedelta(days=1))
    queries.coverage.counts_of(held)
    assert recounted == []


def test_a_new_day_on_which_a_unit_ended_is_counted_afresh(
    recounted: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = opened("r2022", COMMUNITY_FORM, COMPOUND_FORM)
    parent = Place.objects.get(code=COMMUNITY)
    made = territories.create_units({parent: ["一号院"]}, Level.COMPOUND, reason="测试", by=None, at=make.AT)[
        0
    ]
    PlaceVersion.objects.filter(pk=made.pk).update(during=(None, make.TODAY + timedelta(days=1)))
    monkeypatch.setattr("greenward.core.clock.today", lambda: make.TODAY)
    assert queries.coverage.counts_of(held).frame["compounds"].to_list() == [1, 0, 0, 0]
    settle(recounted, lambda: done(held))
    monkeypatch.setattr("greenward.core.clock.today", lambda: make.TODAY + timedelta(days=1))
    assert queries.coverage.counts_of(held).frame["compounds"].to_list() == [0, 0, 0, 0]
    assert [len(one) for one in recounted] == [4]


def test_nobody_below_the_due_is_counted() -> None:
    held = opened()
    assert queries.coverage.counts_of(held).frame.height == 4
    assert PlaceVersion.objects.filter(place__level=Level.COMMUNITY).count() == 5
