"""``greenward programme``: what is in force, starting, fixing a denominator."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from greenward.core.errors import ConflictError
from greenward.programmes.cli import programme
from greenward.programmes.models import Programme
from tests.factories import programmes as made
from tests.factories import territories


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(programme, [*arguments, "--json"], catch_exceptions=False)
    return json.loads(result.stdout)


@pytest.fixture
def pack(db: None) -> str:
    territories.place_tree()
    return made.installed().pack_id


def test_start_then_status(pack: str) -> None:
    assert run("start", pack, "--from", "2021-09-27") == {
        "edition": "beijing-2021 2021.3",
        "in_force_from": "2021-09-27",
    }
    told = run("status", "--as-of", "2022-09-15")
    assert (told["edition"], told["territory"], told["phase"]["id"], told["frozen"]) == (
        "beijing-2021 2021.3",
        territories.CITY,
        "consolidation",
        [],
    )
    assert told["digest"] == Programme.objects.get().pack.digest


def test_freeze_counts_the_communities_once(pack: str) -> None:
    run("start", pack, "--from", "2021-09-27")
    told = run("freeze", "--target", "2022-12-31", "--boundaries-on", "2022-01-01")
    assert told["communities"] == 4
    with pytest.raises(ConflictError):
        run("freeze", "--target", "2022-12-31", "--boundaries-on", "2022-06-01")
    assert run("status", "--as-of", "2022-09-15")["frozen"] == [
        {"target_due": "2022-12-31", "boundaries_on": "2022-01-01"}
    ]
