"""A small district's year through the real actions, and what a second count finds."""

from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import CliRunner
from django.core.cache import cache

from greenward.certification.models import Application
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
