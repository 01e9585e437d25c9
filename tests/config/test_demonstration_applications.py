"""The demonstration's applications in every state, a running and a finished notice, titles and a recheck."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from greenward.accounts.models import User
from greenward.assessment.facts import registry
from greenward.assessment.models import Run
from greenward.certification.models import Application, ApplicationMove, Objection, Recheck, Title
from greenward.certification.queries.applications import version_of
from greenward.certification.queries.hindrances import countersigns_of, seats_of
from greenward.certification.queries.notices import notices_on
from greenward.certification.queries.queue import Wanted, queue_for
from greenward.certification.queries.readiness import readiness_of
from greenward.certification.queries.route import route_of
from greenward.certification.queries.titles import check
from greenward.config.demonstration.story import AS_OF
from greenward.config.demonstration.titles import SAID
from greenward.core import audit
from tests.journeys.demonstration import bring_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), override_settings(GREENWARD_TODAY=AS_OF), transaction.atomic():
        cache.clear()
        bring_in()
        yield
        transaction.set_rollback(True)
    cache.clear()


def test_applications_stand_in_every_state_up_to_the_decision() -> None:
    states = Counter(Application.objects.values_list("state", flat=True))
    wanted = {
        "draft", "submitted", "returned", "withdrawn", "declined", "recommended", "in_review", "approved",
        "refused", "in_notice", "objected", "recognised",
    }  # fmt: skip
    assert wanted == set(states)


def test_something_waits_for_everybody_who_can_sign_in() -> None:
    for name in ("street", "haidian", "pinggu", "haidian-civil"):
        user = User.objects.get(username=name)
        assert (name, queue_for(user, Wanted(show="mine")).exists()) == (name, True)
    experts = User.objects.filter(username__startswith="expert-")
    assert any(queue_for(one, Wanted(show="mine")).exists() for one in experts)
    draft = Application.objects.filter(state="draft").exclude(attachments__isnull=False).first()
    assert draft is not None
    assert not readiness_of(version_of(draft.place), route_of(draft.programme), AS_OF).is_ready


def test_one_notice_runs_with_a_sealed_objection_and_one_has_given_titles() -> None:
    running, over = notices_on(AS_OF)
    assert (running.is_running, over.is_running) == (True, False)
    objections = Objection.objects.order_by("state")
    assert [(one.entry.notice_id, one.state) for one in objections] == [
        (running.notice.pk, "accepted"),
        (running.notice.pk, "received"),
    ]
    assert all(SAID[0]["name"].encode() not in bytes(one.sealed) for one in objections)
    titles = Title.objects.all()
    assert {one.final_list.notice_id for one in titles} == {over.notice.pk}
    found = [check(one.code, AS_OF) for one in titles]
    assert [(one.is_good, one.signed.record["demonstration"]) for one in found] == [(True, True)] * 3


def test_one_recheck_waits_for_rectification() -> None:
    recheck = Recheck.objects.get()
    assert (recheck.state, recheck.due_on > AS_OF) == ("rectifying", True)


def test_nothing_happens_on_the_visitors_day_and_figures_are_at_hand() -> None:
    morning = timezone.make_aware(datetime.combine(AS_OF, time.min))
    assert not ApplicationMove.objects.filter(at__gte=morning).exists()
    assert not Objection.objects.filter(received_at__gte=morning).exists()
    assert [run.as_of for run in Run.objects.all() if registry.touched_since(run.marks, run.as_of)] == []


def test_one_department_is_silent_past_its_term_and_reviewers_differ() -> None:
    reviewed = Application.objects.filter(state="in_review")
    late = [c for one in reviewed for c in countersigns_of(one) if not c.said and c.due_on < AS_OF]
    against = [s for one in reviewed for s in seats_of(one) if s.opinions.filter(stance="against").exists()]
    assert {one.department for one in late} == {"civil-affairs"}
    assert against


def test_the_trail_is_whole() -> None:
    assert audit.verify() == []
