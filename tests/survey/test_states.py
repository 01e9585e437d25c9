"""The table of moves, and the page of the documentation that is drawn from it."""

from pathlib import Path

from greenward.survey.states import MOVES, MUST_ACT, CaseState, diagram

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "survey-case.md"


def test_the_documented_diagram_is_drawn_from_the_table() -> None:
    assert f"```mermaid\n{diagram()}```" in PAGE.read_text(encoding="utf-8")


def test_every_state_is_documented_and_says_who_must_act() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [state for state in CaseState if f"| {state.value} | {state.label} |" not in text] == []
    assert set(MUST_ACT) == set(CaseState)


def test_every_state_but_the_first_is_reached_and_every_one_but_the_last_left() -> None:
    assert {move.ends for move in MOVES.values()} == set(CaseState)
    assert set().union(*(move.begins for move in MOVES.values())) == set(CaseState) - {CaseState.ACCEPTED}
