"""No sequence of acts on any days gives a title too early, over an objection, by one hand, or past an end."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from greenward.accounts.models import User
from greenward.certification.actions import reviewing
from greenward.certification.actions.notice import publish
from greenward.certification.actions.objection import handle_objection, raise_objection
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import (
    Application,
    ApplicationMove,
    FinalList,
    Notice,
    NoticeEntry,
    Objection,
    Snapshot,
    Title,
)
from greenward.certification.states import OPEN_OBJECTIONS
from greenward.core import audit, canonical
from greenward.core.errors import GreenwardError
from greenward.territories.actions import NewPlace, split
from tests.factories.certification import TODAY, Town, answer_all
from tests.factories.recognition import SAID, at_noon
from tests.factories.territories import COMMUNITY, DISTRICT, STREET, appoint

ACTS = (
    "publish",
    "object",
    "accept",
    "reject",
    "uphold",
    "dismiss",
    "recognise",
    "recognise anyhow",
    "split",
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS), st.sampled_from(("district", "everything", "street")), st.integers(0, 6)
    ),
    min_size=3,
    max_size=16,
)
ENDED = [("publish", "district", 0), ("split", "district", 1), *[("recognise", "district", 6)] * 4]
RIGHT = [("publish", "district", 0), *[("dismiss", "district", 6)] * 4, ("recognise", "district", 6)]


@pytest.fixture
def approved(town: Town) -> Application:
    """Let one person who also holds the district's role apply and recommend; another approves."""
    everything = town.people["everything"] = User.objects.create_user("everything")
    for role, at in (
        ("community_worker", COMMUNITY),
        ("street_clerk", STREET),
        ("district_lead", DISTRICT),
    ):
        appoint(everything, role, at)
    town.ready()
    made = town.in_review()
    answer_all(made)
    made.refresh_from_db()
    return reviewing.approve(made, by=town.people["district"], at=at_noon(TODAY), note="同意")


def test_no_sequence_of_acts_gives_a_title_too_early_or_by_one_hand(
    approved: Application, town: Town
) -> None:
    frozen = {one.pk: one.digest for one in Snapshot.objects.all()}
    reached: set[date] = set()

    @settings(max_examples=40, deadline=None, database=None)
    @given(steps=STEPS)
    @example(steps=RIGHT)
    @example(steps=ENDED)
    def tried(steps: list[tuple[str, str, int]]) -> None:
        day = TODAY
        with suppress(_Undone), transaction.atomic():
            for act, name, days in steps:
                day += timedelta(days=days)
                _attempt(approved, town, act, town.people[name], day)
                _holds(approved, frozen)
            reached.update(Title.objects.values_list("given_on", flat=True))
            raise _Undone

    tried()
    assert reached  # the right way does lead to a title
    assert audit.verify() == []


def _attempt(made: Application, town: Town, act: str, by: User, day: date) -> None:
    with suppress(GreenwardError, DatabaseError), transaction.atomic():
        _do(made, town, act, by, day)


def _do(made: Application, town: Town, act: str, by: User, day: date) -> None:
    at, notice = at_noon(day), Notice.objects.order_by("-pk").first()
    if act == "publish":
        publish(
            programme=town.programme,
            territory=town.version(DISTRICT),
            applications=[made],
            title="公示",
            contact="甲区办公室",
            by=by,
            at=at,
        )
    elif act == "split":
        new = NewPlace("990101001101", "半里社区居委会")
        split(made.place, into=[new], keep=True, on=day, reason="批复", by=None, at=at)
    elif notice is None:
        return
    elif act == "object":
        raise_objection(NoticeEntry.objects.get(notice=notice), SAID, by=None, at=at)
    elif act == "recognise":
        recognise(notice, applications=[made], document="甲区〔2022〕1号", by=by, at=at)
    elif act == "recognise anyhow":
        _write_a_title(made, notice, day)
    else:
        for objection in Objection.objects.all():
            handle_objection(objection, act, answer="已核实", by=by, at=at)


def _write_a_title(made: Application, notice: Notice, day: date) -> None:
    """Write rows past every action: the database itself must refuse what is too early or objected to."""
    final = FinalList.objects.create(
        notice=notice, document="甲区〔2022〕2号", on=day, by=None, at=at_noon(day)
    )
    Title.objects.create(
        application=made,
        final_list=final,
        programme=made.programme,
        place=made.place,
        number=f"X-{final.pk}",
        year=day.year,
        district=DISTRICT[:6],
        serial=900 + final.pk % 99,
        given_on=day,
        code=f"{final.pk:012}",
        key_name="x",
        record={},
        signature="",
    )


def _holds(made: Application, frozen: dict[int, str]) -> None:
    for title in Title.objects.select_related("final_list__notice"):
        assert title.given_on > title.final_list.notice.ends_on
        assert not Objection.objects.filter(
            entry__application=title.application, state__in=OPEN_OBJECTIONS
        ).exists()
    verbs = list(ApplicationMove.objects.filter(application=made).values_list("verb", flat=True))
    assert "end" not in verbs[:-1]
    assert ("end" in verbs) is (Application.objects.get(pk=made.pk).state == "ended")
    hands: dict[str, set[int | None]] = {}
    for one in ApplicationMove.objects.filter(application=made):
        hands.setdefault(one.verb, set()).add(one.by_id)
    early = {who for verb in ("submit", "recommend") for who in hands.get(verb, ())}
    late = {who for verb in ("approve", "recognise", "uphold_objection") for who in hands.get(verb, ())}
    assert early & late == set()
    assert {one.pk: canonical.digest(one.content) for one in Snapshot.objects.all()} == frozen


class _Undone(Exception):  # noqa: N818 - it ends an example, nothing went wrong
    """Takes an example's writing back."""
