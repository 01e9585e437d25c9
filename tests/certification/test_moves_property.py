"""No sequence of moves lets one person recommend and decide, or changes what was frozen."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from greenward.accounts.models import User
from greenward.certification.actions.moving import advance
from greenward.certification.models import Application, Snapshot
from greenward.certification.queries.locked import lock
from greenward.certification.states import MOVES, ApplicationState
from greenward.core import canonical
from greenward.core.errors import GreenwardError
from tests.factories.certification import AT, Town
from tests.factories.territories import COMMUNITY, DISTRICT, STREET, appoint

VERBS = sorted(MOVES)
PEOPLE = ("worker", "street", "district", "everything")
ACTS = st.lists(st.tuples(st.sampled_from(VERBS), st.sampled_from(PEOPLE)), min_size=1, max_size=14)


@pytest.fixture
def crowd(town: Town) -> Town:
    """Let one person hold every role in the town."""
    everything = town.people["everything"] = type(town.people["worker"]).objects.create_user("everything")
    roles = (("community_worker", COMMUNITY), ("street_clerk", STREET), ("district_lead", DISTRICT))
    for role, at in roles:
        appoint(everything, role, at)
    town.ready()
    return town


def test_no_sequence_of_moves_breaks_what_must_hold(crowd: Town) -> None:
    made = crowd.submitted(by=crowd.people["worker"])
    frozen = {one.pk: one.digest for one in Snapshot.objects.all()}

    @settings(max_examples=60, deadline=None, database=None)
    @given(acts=ACTS)
    def tried(acts: list[tuple[str, str]]) -> None:
        with suppress(_Undone), transaction.atomic():
            for verb, name in acts:
                _attempt(made, verb, crowd.people[name])
            _holds(made, frozen)
            raise _Undone

    tried()


def _attempt(made: Application, verb: str, by: User) -> None:
    """Make a move as the one door allows it; what is refused changes nothing."""
    before = ApplicationState(Application.objects.get(pk=made.pk).state)
    try:
        with transaction.atomic():
            advance(lock(made), verb, by=by, at=AT, note="理由")
    except (GreenwardError, DatabaseError):
        assert Application.objects.get(pk=made.pk).state == before
    else:
        now = Application.objects.get(pk=made.pk).state
        assert now == before or (before in MOVES[verb].begins and now == MOVES[verb].ends)


def _holds(made: Application, frozen: dict[int, str]) -> None:
    who: dict[str, set[int | None]] = {verb: set() for verb in VERBS}
    for one in made.moves.all():
        who[one.verb].add(one.by_id)
    applied, recommended = who["submit"] | who["resubmit"], who["recommend"] | who["decline"]
    decided = who["approve"] | who["refuse"] | who["uphold_objection"] | who["reject_objection"]
    assert (applied | recommended) & (decided | who["recognise"]) == set()
    assert applied & recommended == set()
    assert who["recognise"] == set()  # without a title from a finished notice nobody recognises
    assert {one.pk: canonical.digest(one.content) for one in Snapshot.objects.all()} == frozen


class _Undone(Exception):  # noqa: N818 - it ends an example, nothing went wrong
    """Takes an example's writing back."""
