"""Taking in what a department's program sends: many places at once, under the department's own name."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.bulk import copy_rows
from greenward.core.errors import InvalidInputError
from greenward.evidence.queries import kept_by
from greenward.packs.schema.forms import Form
from greenward.survey import access
from greenward.survey.events import tell
from greenward.survey.feeds.delivery import Delivery, Outcome
from greenward.survey.feeds.holders import check_delivery, check_holder
from greenward.survey.feeds.locating import located
from greenward.survey.feeds.planning import Knowledge, Planner, Written
from greenward.survey.models import Entry, Feed, ReturnedField, Round
from greenward.survey.queries.feeds import communities_of, feeding_office
from greenward.survey.queries.rounds import everything_at, form_of, policy_of, standing
from greenward.survey.sensitivity import sight_of
from greenward.survey.states import Way
from greenward.survey.submissions.history import held_at
from greenward.survey.submissions.sent import LONGEST_ORIGIN, request_of_another
from greenward.survey.workbooks.settled import cases_of
from greenward.territories.models import Office, PlaceVersion

COLUMNS = (
    "round_id", "form", "level", "place_id", "values", "way", "origin", "observed_on", "reasons", "at",
    "by_id",
)  # fmt: skip


class FaultyFeedError(InvalidInputError):
    """Rows have problems, and nothing was taken; ``data["report"]`` says which (as in ``Feed.report``)."""

    code = "faulty_rows"


def take_feed(
    survey_round: Round, delivery: Delivery, *, by: User, at: datetime, request: UUID | None = None
) -> Feed:
    """Record a department's rows: all of them, or with ``only_valid`` the sound ones.

    Only fields that the department holds, at places below the sender's office. ``request`` is the sender's
    number: sent again, the first answer comes back and nothing is written. What another source said stays in
    the history; a value that was said of a later day is left aside and reported, never overwritten.
    Writes a fixed number of times, however many rows.

    NotAllowedError for who feeds for no department; InvalidInputError for fields of other holders;
    FaultyFeedError for rows with problems; ConflictError for a closed round or another's request number.
    """
    try:
        with transaction.atomic():
            return _taken(survey_round, delivery, by=by, at=at, request=request)
    except IntegrityError:
        made = _made_before(delivery, by, request)  # the same number came twice at the same moment
        if made is None:
            raise
        return made


@dataclass(frozen=True)
class _Plan:
    """What a feed will write, below which path, and the community of each place."""

    form: Form
    within: str
    communities: Mapping[int, int]
    writing: Sequence[Written]
    outcome: Outcome


def _taken(survey_round: Round, delivery: Delivery, *, by: User, at: datetime, request: UUID | None) -> Feed:
    office = feeding_office(by, delivery.office, timezone.localdate(at))
    made = _made_before(delivery, by, request)
    if made is not None:
        return made
    _hold(survey_round)
    access.check_is_open(survey_round, at)
    plan = _planned(survey_round, delivery, office, by, timezone.localdate(at))
    outcome = plan.outcome
    if outcome.rejected and not delivery.only_valid:
        raise FaultyFeedError(
            _("有 %(n)d 行有问题，没有接收任何数据。") % {"n": outcome.rejected},
            hint=_("请按 data.report 逐行改正后重新发送，或选择只接收无误行（only_valid）。"),
            report=outcome.report() | {"written": 0},
        )
    feed = Feed.objects.create(
        round=survey_round,
        office=office,
        form=delivery.form,
        dataset=delivery.dataset,
        observed_on=delivery.observed_on,
        request=request or uuid4(),
        digest=delivery.digest(),
        report=outcome.report(),
        by=by,
        at=at,
    )
    _write(feed, plan)
    audit.record(
        "survey.take_feed",
        feed,
        by=by,
        at=at,
        scope=plan.within,
        round=survey_round.code,
        form=feed.form,
        dataset=feed.dataset,
        written=outcome.written,
        rejected=outcome.rejected,
        fields=sorted({name for one in plan.writing for name in one.values}),
    )
    return feed


def _planned(survey_round: Round, delivery: Delivery, office: Office, by: User, day: date) -> _Plan:
    """Return what the feed will write; everything it touches is locked until commit."""
    check_delivery(delivery, day)
    asked = form_of(survey_round, delivery.form)
    policy = policy_of(survey_round)
    form = everything_at(policy, asked.level, asked.sort or "")
    check_holder(policy, form, delivery, office)
    within = standing(office.place, day).path
    places = located(delivery.rows, form, within, day)
    communities = communities_of(place for place in places if isinstance(place, PlaceVersion))
    _lock({*communities, *communities.values()})
    held = held_at(list(communities), survey_round)
    files = _files(form, delivery, by)
    knowledge = Knowledge(held, cases_of(survey_round), communities, files)
    planner = Planner(survey_round, form, day, delivery.observed_on, knowledge, sight_of(by))
    writing, outcome = planner.plan(delivery.rows, places)
    return _Plan(form, within, communities, writing, outcome)


def _made_before(delivery: Delivery, by: User, request: UUID | None) -> Feed | None:
    """Return the feed that this very request made; ConflictError where the number was another request's."""
    made = Feed.objects.select_related("round", "office").filter(request=request).first() if request else None
    if made is not None and (made.by_id != by.pk or made.digest != delivery.digest()):
        raise request_of_another()
    return made


def _hold(survey_round: Round) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed_at FROM survey_round WHERE id = %s FOR KEY SHARE", [survey_round.pk])
        (survey_round.closed_at,) = cursor.fetchone()


def _lock(places: Collection[int]) -> None:
    """Keep others from writing about these places and from moving their communities' cases, until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM territories_place WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(places)]
        )


def _files(form: Form, delivery: Delivery, by: User) -> set[str]:
    names = [field.id for field in form.fields if field.type == "file"]
    given = {str(row.values[name]) for row in delivery.rows for name in names if row.values.get(name)}
    return kept_by(by, given) if given else set()


def _write(feed: Feed, plan: _Plan) -> None:
    if not plan.writing:
        return
    origin = f"{feed.office.name}：{feed.dataset}"[:LONGEST_ORIGIN]
    copy_rows(
        Entry,
        COLUMNS,
        (
            (
                feed.round_id, feed.form, plan.form.level, one.place.place_id,
                json.dumps(one.values, ensure_ascii=False), Way.FEED.value, origin, feed.observed_on, "{}",
                feed.at, feed.by_id,
            )
            for one in plan.writing
        ),
    )  # fmt: skip
    _settle(feed, plan.writing)
    tell(feed.round, {plan.communities[one.place.place_id] for one in plan.writing})


def _settle(feed: Feed, writing: Sequence[Written]) -> None:
    """Settle what was sent back and is answered now."""
    values = {one.place.place_id: one.values for one in writing}
    waiting = ReturnedField.objects.filter(case__round=feed.round_id, place__in=values, settled_at=None)
    answered = [
        pk for pk, place, field in waiting.values_list("pk", "place_id", "field") if field in values[place]
    ]
    if answered:
        ReturnedField.objects.filter(pk__in=answered).update(settled_at=feed.at)
