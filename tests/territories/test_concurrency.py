"""Two operations at the same time follow one another; neither is lost, neither sees half of the other."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from greenward.core.errors import GreenwardError
from greenward.territories import actions, queries
from greenward.territories.models import Level, PlaceVersion
from tests.factories import territories as make

WHEN: dict[str, Any] = {"reason": "批复", "by": None, "at": datetime(2022, 9, 15, 9, tzinfo=UTC)}
DAY = date(2022, 6, 1)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run ``acts`` in threads that begin together; return what each came to."""
    gate = threading.Barrier(len(acts))
    outcomes = [""] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        try:
            acts[number]()
            outcomes[number] = "done"
        except GreenwardError as error:
            outcomes[number] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_merges_of_one_place_at_once() -> None:
    tree = make.place_tree()
    outcomes = at_once(
        lambda: actions.merge([tree[make.SECOND]], into=tree[make.COMMUNITY], on=DAY, **WHEN),
        lambda: actions.merge([tree[make.SECOND]], into=tree[make.OTHER_COMMUNITY], on=DAY, **WHEN),
    )
    assert sorted(outcomes) == ["done", "invalid_input"]
    assert len(queries.successors(tree[make.SECOND])) == 1


@pytest.mark.django_db(transaction=True)
def test_compounds_made_during_a_move_go_along() -> None:
    tree = make.place_tree()
    outcomes = at_once(
        lambda: actions.move(tree[make.STREET], to=tree[make.OTHER_DISTRICT], on=DAY, **WHEN),
        *(
            lambda name=f"{number}号院": actions.create_units(
                {tree[make.SECOND]: [name]}, Level.COMPOUND, **WHEN
            )
            for number in range(3)
        ),
    )
    assert outcomes == ["done"] * 4
    paths = PlaceVersion.objects.filter(kind="compound", during__contains=DAY).values_list("path", flat=True)
    above = f"{make.CITY}/{make.OTHER_DISTRICT}/{make.STREET}/{make.SECOND}/{make.SECOND}"
    assert sorted(paths) == [f"{above}-00{number}/" for number in (1, 2, 3)]
