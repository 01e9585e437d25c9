"""A small district's year through the real actions, and what a second count finds."""

from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.db import transaction

from greenward.certification.models import Application
from greenward.config.simulation.case import Odds
from greenward.config.simulation.cli import simulate
from greenward.config.simulation.recount import look_back
from greenward.config.simulation.year import Term, play
from greenward.core.models import Demonstration
from tests.factories.certification import AT, Town, town
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_COMMUNITY, SECOND

TERM = Term(date(2022, 9, 1), date(2023, 3, 31))


@pytest.fixture
def small(db: None) -> Iterator[Town]:
    with town() as made:
        for code in (COMMUNITY, SECOND, OTHER_COMMUNITY):
            made.ready(code)
        yield made
    cache.clear()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_ends_in_order(small: Town, seed: int) -> None:
    stage = play(small.version(DISTRICT), seed=seed, term=TERM, communities=50)
    found = look_back(stage.programme, small.version(DISTRICT), TERM.ends)
    assert (found.breaks, found.strange, found.told) == ([], [], found.counted)
    assert stage.counted["submitted"] + stage.counted["never complete"] > 0


def test_the_same_seed_plays_the_same_year(small: Town) -> None:
    counted = []
    for _time in range(2):
        with transaction.atomic():
            counted.append(play(small.version(DISTRICT), seed=4, term=TERM, communities=50).counted)
            transaction.set_rollback(True)
    first, second = counted
    del first["visits"], second["visits"]  # whether the district looks at a place is drawn by the product
    assert first == second


def test_every_act_comes_to_pass_where_the_odds_say_so(small: Town) -> None:
    odds = Odds(
        withdraws=0, returned=100, declined=0, sent_back=0, department_silent=0, department_objects=0,
        reviewer_silent=0, refused=0, objected=100, upheld=0, recheck_fails=100,
    )  # fmt: skip
    stage = play(small.version(DISTRICT), seed=1, term=TERM, communities=50, odds=odds)
    found = look_back(stage.programme, small.version(DISTRICT), TERM.ends)
    assert found.is_sound, (found, stage.counted)
    for act in (
        "returned by the street", "submitted again", "recommended", "countersigns", "opinions", "approved",
        "notices", "objections", "objections: reject", "titles", "rechecks: rectify", "rechecks: report",
    ):  # fmt: skip
        assert stage.counted[act] > 0, (act, stage.counted)
    assert found.counted.recognised <= stage.counted["titles"]


def test_whoever_withdraws_is_not_recognised(small: Town) -> None:
    stage = play(
        small.version(DISTRICT), seed=1, term=TERM, communities=50, odds=Odds(withdraws=100, objected=0)
    )
    found = look_back(stage.programme, small.version(DISTRICT), TERM.ends)
    assert (found.is_sound, found.counted.recognised) == (True, 0)
    assert stage.counted["withdrawn"] == stage.counted["submitted"] > 0


def test_a_title_that_nobody_was_given_is_found(small: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenward.config.simulation.recount.holders_on", lambda _programme, _on: {
        small.places[COMMUNITY].pk
    })  # fmt: skip
    found = look_back(small.programme, small.version(DISTRICT), TERM.ends)
    assert (found.told.recognised, found.counted.recognised, found.is_sound) == (1, 0, False)


def test_a_state_without_its_moves_is_found(small: Town) -> None:
    small.draft(COMMUNITY)
    Application.objects.update(state="withdrawn")
    found = look_back(small.programme, small.version(DISTRICT), TERM.ends)
    assert not found.is_sound
    assert "is not where its moves lead" in found.strange[0]


def test_it_refuses_what_is_no_demonstration(small: Town) -> None:
    del small
    assert not Demonstration.objects.exists()
    result = CliRunner().invoke(simulate, ["--district", DISTRICT, "--seed", "1"])
    assert "不是演示库" in str(result.exception)
    assert Application.objects.count() == 0


def test_the_command_undoes_what_it_played(small: Town) -> None:
    del small
    Demonstration.objects.create(pk=1, loaded_at=AT, as_of=date(2022, 9, 15))
    result = CliRunner().invoke(
        simulate, ["--district", DISTRICT, "--seed", "1", "--from", "2022-09-01", "--to", "2023-03-31"]
    )
    assert (result.exit_code, "已全部撤销" in result.output) == (0, True), result.output
    assert Application.objects.count() == 0
