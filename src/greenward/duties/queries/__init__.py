"""Reading what waits: a person's list, what is held below them, and who does whose work."""

from greenward.duties.queries.cover import (
    colleagues_of,
    delegations_for,
    delegations_on,
    get_delegation,
    get_delegation_for,
    offices_of,
    taken_over,
)
from greenward.duties.queries.digest import choice_of, people_without_confirmed_address
from greenward.duties.queries.held import Below, held_below
from greenward.duties.queries.leaving import person_of
from greenward.duties.queries.mine import Line, todos_for, together

__all__ = [
    "Below",
    "Line",
    "choice_of",
    "colleagues_of",
    "delegations_for",
    "delegations_on",
    "get_delegation",
    "get_delegation_for",
    "held_below",
    "offices_of",
    "people_without_confirmed_address",
    "person_of",
    "taken_over",
    "todos_for",
    "together",
]
