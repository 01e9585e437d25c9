"""The tables of moves, and the pages of the documentation that are drawn from them."""

from pathlib import Path

import pytest

from greenward.certification.states import (
    FINAL,
    MOVES,
    OBJECTION_MOVES,
    OPEN,
    RECHECK_MOVES,
    ApplicationState,
    ObjectionState,
    RecheckState,
    Turn,
    diagram,
    drawn,
)

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = REFERENCE / "certification-case.md"


def test_the_documented_diagram_is_drawn_from_the_table() -> None:
    assert f"```mermaid\n{diagram()}```" in PAGE.read_text(encoding="utf-8")


def test_every_state_is_documented_and_says_who_must_act() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [state for state in ApplicationState if f"| {state.value} | {state.label} |" not in text] == []


@pytest.mark.parametrize(
    "moves, first, states",
    [(OBJECTION_MOVES, "received", ObjectionState), (RECHECK_MOVES, "planned", RecheckState)],
)
def test_objections_and_rechecks_are_drawn_too(
    moves: dict[str, Turn], first: str, states: type[ObjectionState | RecheckState]
) -> None:
    text = (REFERENCE / "aftercare-cases.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{drawn(moves, first)}```" in text
    assert [one for one in states if f"| {one.value} | {one.label} |" not in text] == []


def test_every_state_but_the_first_is_reached_and_every_open_one_left() -> None:
    assert {move.ends for move in MOVES.values()} == set(ApplicationState) - {ApplicationState.DRAFT}
    assert set().union(*(move.begins for move in MOVES.values())) == set(OPEN)
    assert not any(move.begins & FINAL for move in MOVES.values())


def test_who_applies_or_recommends_is_apart_from_every_decision() -> None:
    decisions = ("approve", "refuse", "reject_objection", "uphold_objection", "recognise")
    assert all({"submit", "resubmit", "recommend"} <= MOVES[verb].apart_from for verb in decisions)
