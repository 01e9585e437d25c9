"""An open application ends with its community: wherever it stands, with a reason, and nobody loses a word."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client

from greenward.accounts.models import User
from greenward.certification.actions import applying
from greenward.certification.actions.objection import handle_objection
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import Application, Objection
from greenward.certification.states import OPEN, ApplicationState
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.core.models import AuditEntry
from greenward.duties.queries import todos_for
from greenward.duties.todos import ToDo
from greenward.programmes.models import Programme
from greenward.territories import actions
from greenward.territories.actions import NewPlace
from greenward.territories.models import Place
from tests.factories import recognition as make
from tests.factories.certification import AT, TODAY, Town
from tests.factories.recognition import at_noon
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_COMMUNITY, SECOND, appoint, person

DAY = date(2022, 9, 15)
WHEN: dict[str, Any] = {"on": DAY, "reason": "区政府批复", "by": None, "at": at_noon(DAY)}
NEW = NewPlace("990101001101", "新里社区居委会")
HALF = NewPlace("990101001102", "半里社区居委会")


def place(code: str) -> Place:
    return Place.objects.get(code=code)


def standing(programme: Programme, code: str, state: str) -> Application:
    return Application.objects.create(
        programme=programme, place=place(code), state=state, step="review", opened_at=AT, moved_at=AT
    )


def states(*made: Application) -> Sequence[str]:
    return [Application.objects.get(pk=one.pk).state for one in made]


def todos(user: User) -> list[ToDo]:
    fresh = User.objects.get(pk=user.pk)
    return [one for one in todos_for(fresh, TODAY) if one.kind.startswith("certification")]


def asked(user: User) -> list[str]:
    return [one.what for one in todos(user)]


@pytest.fixture
def noticed(town: Town) -> tuple[Application, Objection, str]:
    """Let one community's application stand in a notice, with an objection that is being looked into."""
    made = make.approved(town.programme)
    make.notice_of([made], at=at_noon(date(2022, 9, 9)))
    objection, code = make.objection_to(made, at=at_noon(date(2022, 9, 13)))
    handle_objection(objection, "accept", by=None, at=at_noon(date(2022, 9, 14)))
    return made, objection, code


@pytest.mark.parametrize("state", sorted(OPEN))
def test_wherever_it_stands_it_ends_with_its_community(town: Town, state: str) -> None:
    made = standing(town.programme, COMMUNITY, state)
    over = standing(town.programme, SECOND, ApplicationState.REFUSED)
    elsewhere = standing(town.programme, OTHER_COMMUNITY, state)
    actions.merge([place(COMMUNITY), place(SECOND)], into=NEW, **WHEN)
    assert states(made, over, elsewhere) == ["ended", "refused", state]
    move = made.moves.get()
    assert (move.verb, move.state, move.by) == ("end", "ended", None)
    assert move.note == "一里社区居委会、二里社区居委会调整为新里社区居委会：区政府批复"
    entry = AuditEntry.objects.get(action="certification.end_application")
    assert (entry.subject, entry.data["before"]) == (f"certification.application:{made.pk}", state)
    assert audit.verify() == []


def test_a_community_that_goes_on_keeps_its_draft_alone(town: Town) -> None:
    draft = standing(town.programme, COMMUNITY, "draft")
    gone = standing(town.programme, SECOND, "draft")
    actions.merge([place(SECOND)], into=place(COMMUNITY), **WHEN)
    assert states(draft, gone) == ["draft", "ended"]
    frozen = standing(town.programme, OTHER_COMMUNITY, "in_notice")
    actions.split(place(OTHER_COMMUNITY), into=[HALF], keep=True, **WHEN)
    assert states(frozen) == ["ended"]


def test_who_objected_reads_what_became_of_it(
    town: Town, noticed: tuple[Application, Objection, str], client: Client
) -> None:
    made, objection, code = noticed
    assert asked(town.people["district"]) == ["复核异议并答复"]
    actions.merge([place(COMMUNITY), place(SECOND)], into=NEW, **WHEN)
    objection.refresh_from_db()
    assert (states(made), objection.state) == (["ended"], "moot")
    entry = AuditEntry.objects.get(action="certification.end_application")
    assert entry.data["objections"] == [objection.pk]
    read = client.post("/notices/answer/", {"code": code}).content.decode()
    assert "申报已了结，不再复核" in read
    assert "申报随之终止" in read
    assert "新里社区居委会：区政府批复" in read
    listed = client.get(f"/notices/{made.noticed.notice_id}/").content.decode()
    assert "随社区调整终止" in listed
    assert "/object/" not in listed
    with pytest.raises(ConflictError, match="不再受理异议"):
        make.objection_to(made, at=at_noon(DAY))
    with pytest.raises(ConflictError, match="随社区调整终止"):
        recognise(
            made.noticed.notice,
            applications=[made],
            document=make.DOCUMENT,
            by=None,
            at=at_noon(date(2022, 9, 30)),
        )
    assert Objection.objects.count() == 1
    assert asked(town.people["district"]) == []


def test_who_follows_finds_a_to_do_and_what_was_written(town: Town) -> None:
    """Each half of a split is told once, its draft holds the former words, and then the list is empty."""
    town.ready()
    made = town.submitted(by=town.people["worker"])
    Application.objects.filter(pk=made.pk).update(narrative="一里的申报说明")
    actions.split(place(COMMUNITY), into=[NEW, HALF], **WHEN)
    assert states(made) == ["ended"]
    for new in (NEW, HALF):
        worker = person(f"worker-{new.code}")
        appoint(worker, "community_worker", new.code)
        (todo,) = todos(worker)
        assert (todo.what, todo.where) == ("重新申报", new.name.removesuffix("居委会"))
        assert todo.url == f"/certification/communities/{new.code}/"
        version = make.version(new.code)
        draft = applying.open_draft(town.programme, version, by=worker, at=at_noon(DAY))
        assert "（一里社区居委会调整前的申报说明，供修改）\n一里的申报说明" in draft.narrative
        assert asked(worker) == ["写完并提交申报"]
    for who, role, at in (
        ("stranger", "community_worker", OTHER_COMMUNITY),
        ("lead", "district_lead", DISTRICT),
    ):
        other = person(who)
        appoint(other, role, at)
        assert asked(other) == []
