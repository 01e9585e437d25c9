"""Frozen runs: kept for good, read from there alone, and seen only within reach."""

import json

import pytest
from click.testing import CliRunner
from django.db import ProgrammingError, connection, transaction

from greenward.accounts.models import User
from greenward.assessment import actions
from greenward.assessment.cli import assessment_commands
from greenward.assessment.models import FrozenRun, Result
from greenward.assessment.queries import frozen
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.models import AuditEntry
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, OTHER_COMMUNITY, SECOND, TOWN_COMMUNITY


def someone(name: str, role: str, at: str) -> User:
    user = accounts.make_user(name)
    territories.appoint(user, role, at)
    return user


def freeze(city: City, reason: str = "2022年第三季度报送") -> FrozenRun:
    return actions.freeze(programme=city.programme, as_of=AS_OF, reason=reason, by=None, at=clock.now())


def verdicts(kept: FrozenRun) -> dict[str, str]:
    found = frozen.results_of(FrozenRun.objects.get(pk=kept.pk))
    return dict(found.select("code", "verdict").iter_rows())


def test_what_is_frozen_stays_when_facts_and_runs_move_on(city: City) -> None:
    city.meet(COMMUNITY)
    kept = freeze(city)
    before = verdicts(kept)
    city.meet(COMMUNITY, smart_security=False)
    city.meet(SECOND)
    run = actions.assess(programme=city.programme, as_of=AS_OF, by=None, at=clock.now())
    assert Result.objects.get(run=run, place__code=COMMUNITY).verdict == "unmet"
    assert verdicts(kept) == before
    assert (before[COMMUNITY], before[SECOND]) == ("met", "unknown")
    Result.objects.filter(run=run).delete()
    run.delete()
    assert verdicts(kept) == before


def test_it_says_what_it_rests_on(city: City) -> None:
    kept = freeze(city)
    assert (kept.edition, kept.pack_digest) == (str(city.programme.pack), city.programme.pack.digest)
    assert kept.items == [str(number) for number in range(1, 17)]
    assert kept.marks["places"] > 0
    assert AuditEntry.objects.latest("number").data == {"as_of": AS_OF.isoformat(), "digest": kept.digest}


def test_no_level_and_an_open_level_are_kept_apart(city: City) -> None:
    run = actions.assess(programme=city.programme, as_of=AS_OF, by=None, at=clock.now())
    Result.objects.filter(run=run, place__code=COMMUNITY).update(level="")
    Result.objects.filter(run=run, place__code=SECOND).update(level="aaa", points_least=5, points_most=7)
    kept = FrozenRun(as_of=AS_OF, marks={}, items=[], content=frozen.content_of(run))
    kept.digest = frozen.digest_of(kept)
    found = {row["code"]: row for row in frozen.results_of(kept).to_dicts()}
    assert [found[code]["level"] for code in (COMMUNITY, SECOND, OTHER_COMMUNITY)] == ["", "aaa", None]
    assert (found[SECOND]["points_least"], found[SECOND]["points_most"]) == (5, 7)


def test_nothing_of_it_can_be_changed_or_taken_away(city: City) -> None:
    kept = freeze(city)
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        FrozenRun.objects.filter(pk=kept.pk).update(reason="另一份")
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        FrozenRun.objects.filter(pk=kept.pk).delete()
    assert FrozenRun.objects.get(pk=kept.pk).reason == "2022年第三季度报送"


def test_a_change_behind_the_back_of_the_trigger_is_found(city: City) -> None:
    kept = freeze(city)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE assessment_frozenrun SET content = replace(content, 'unknown', 'met') WHERE id = %s",
            [kept.pk],
        )
        cursor.execute("SET session_replication_role = origin")
    with pytest.raises(ConflictError) as raised:
        verdicts(kept)
    assert raised.value.data == {"frozen": kept.pk}


def test_who_may_not_assess_may_not_freeze(city: City) -> None:
    officer = someone("officer", "district_lead", DISTRICT)
    with pytest.raises(NotAllowedError):
        actions.freeze(programme=city.programme, as_of=AS_OF, reason="报送", by=officer, at=clock.now())
    assert FrozenRun.objects.count() == 0


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_it_must_be_said_what_for(city: City, reason: str) -> None:
    with pytest.raises(InvalidInputError):
        freeze(city, reason)
    assert FrozenRun.objects.count() == 0


def test_a_person_sees_the_communities_within_reach_and_a_stranger_nothing(city: City) -> None:
    kept = freeze(city)
    whole, _found = frozen.frozen_for(someone("lead", "city_lead", CITY), kept.pk)
    part, found = frozen.frozen_for(someone("officer", "district_lead", DISTRICT), kept.pk)
    assert whole.communities == 4
    assert (part.communities, TOWN_COMMUNITY in found["code"].to_list()) == (3, False)
    with pytest.raises(NotFoundError):
        frozen.frozen_for(accounts.make_user("stranger"), kept.pk)


def test_the_command_line_freezes_lists_and_reads_again(city: City) -> None:
    city.meet(COMMUNITY)
    day = ["--as-of", AS_OF.isoformat(), "--json"]
    made = CliRunner().invoke(assessment_commands, ["freeze", "--reason", "年度总结", *day])
    told = json.loads(made.output)
    assert (told["communities"], told["met"], told["unknown"]) == (4, 1, 3)
    again = CliRunner().invoke(assessment_commands, ["frozen", "--number", str(told["number"]), "--json"])
    assert json.loads(again.output) == told
    listed = CliRunner().invoke(assessment_commands, ["frozen"])
    assert "2022-09-15 年度总结" in listed.output
